/** The only file of the contracts that names TensorFlow.js; types alone, nothing at run time. */
export type { Tensor, Tensor1D, Tensor2D, Tensor3D, Tensor4D, Variable } from '@tensorflow/tfjs-core';
