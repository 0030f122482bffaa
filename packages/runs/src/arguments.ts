// What a program needs to read and check its arguments, without loading TensorFlow.js or any model.
export { argumentError } from './arguments/argument-error.js';
export { ENGINE_NAMES } from './arguments/engine-names.js';
export { suggest } from './arguments/suggest.js';
