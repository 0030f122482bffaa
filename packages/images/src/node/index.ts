export { type DecodeFileOptions, type DecodeOptions, decodePicture } from './decode-picture.js';
export { type FilePictureOptions, type FingerprintKind, filePicture } from './file-picture.js';
export { readPicture } from './read-picture.js';
