export { type DecodeOptions, decodePicture } from './decode-picture.js';
export { readPicture } from './read-picture.js';
