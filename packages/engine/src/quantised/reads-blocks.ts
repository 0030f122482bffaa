import { hasOwnKernel } from '../ops/own-kernel.js';

/**
 * Whether the engine that runs has kernels for weights in blocks: wasm, and `node` as it is built now. Others widen some rows
 * at a time in JavaScript, which is right and slow.
 */
export const readsBlocks = (): boolean => hasOwnKernel('EimBlockProduct');
