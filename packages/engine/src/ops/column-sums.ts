import { sum, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import { hasOwnKernel, runOwnKernel } from './own-kernel.js';

/** The rows added up: a bias' gradient. @param dy `[N, O]` @returns `[O]` */
export const columnSums = (dy: Tensor2D): Tensor =>
  hasOwnKernel('EimColumnSums') ? runOwnKernel('EimColumnSums', { dy }) : sum(dy, 0);
