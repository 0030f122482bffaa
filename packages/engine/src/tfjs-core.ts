/** TensorFlow.js' core under a name of ours: what is built imports it so, since Node then can be given it sooner. */
export * from '@tensorflow/tfjs-core';
