import { hasOwnKernel } from '../ops/own-kernel.js';
import { inside } from '../recomputation/engine-tape.js';
import { hasFastKernel } from './block-format-numbers.js';
import type { QuantisedMatrix } from './quantised-matrix.js';

/** Whether the engine that runs has kernels that put activations into bytes: wasm, and `node` as it is built now. */
export const computesFast = (): boolean => hasOwnKernel('EimFastBlockProduct');

/**
 * Whether a product with some rows puts activations into bytes: where the matrix says so, and no gradient is being taken, as training is
 * always exact.
 */
export const isFast = ({ compute }: Pick<QuantisedMatrix, 'compute'>, format: string): boolean =>
  compute === 'fast' && hasFastKernel(format) && computesFast() && !inside().isTapeOn();
