export { centreCrop } from './centre-crop.js';
export { normalisePixels, preprocess, preprocessToBytes, shortestSideSize } from './preprocess.js';
export type { ResizeFilter } from './resample-coefficients.js';
export { type PictureSize, type PictureWindow, resizePicture } from './resize-picture.js';
