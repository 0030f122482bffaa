export { centreCrop } from './centre-crop.js';
export { interpolatePicture } from './interpolate-picture.js';
export {
  normalisePixels,
  preprocess,
  preprocessToBytes,
  preprocessToValues,
  shortestSideSize,
} from './preprocess.js';
export type { ResizeFilter } from './resample-coefficients.js';
export { type PictureSize, type PictureWindow, resizePicture } from './resize-picture.js';
