export { centreCrop } from './centre-crop.js';
export { interpolatePicture } from './interpolate-picture.js';
export { pictureDataUrl } from './picture-data-url.js';
export type { PictureSize, PictureWindow } from './picture-window.js';
export {
  normalisePixels,
  preprocess,
  preprocessToBytes,
  preprocessToValues,
} from './preprocess.js';
export type { Interpolation, ResizeFilter } from './resample-coefficients.js';
export { resizePicture } from './resize-picture.js';
export { shortestSideSize } from './resized-size.js';
