export { noisePicture } from './noise-picture.js';
