import { getBackend } from '@tensorflow/tfjs-core';
import { hasOwnKernel } from '../ops/own-kernel.js';

/**
 * Formats that the kernels read, by the numbers that they know them by: ggml's own (ggml.h, `enum ggml_type`), and one of ours for NF4, as in
 * wasm-kernels/blocks.h and native/tensorflow/blocks.h.
 */
export const BLOCK_FORMAT_NUMBERS: Readonly<Record<string, number>> = {
  float16: 1,
  q4_0: 2,
  q4_1: 3,
  q5_0: 6,
  q5_1: 7,
  q8_0: 8,
  q4_k: 12,
  q5_k: 13,
  q6_k: 14,
  bfloat16: 30,
  nf4: 200,
};

/** Added to a number where activations go in bytes (`--compute fast`). */
export const FAST = 256;

/** Formats whose kernels know activations in bytes: those whose numbers lie in equal steps. */
export const hasFastKernel = (format: string): boolean =>
  format in BLOCK_FORMAT_NUMBERS && !['float16', 'bfloat16', 'nf4'].includes(format);

/** Whether the kernels of the engine that runs read a format: those of `node` know none but ggml's. */
export const hasBlockKernels = (format: string): boolean =>
  hasOwnKernel('EimBlockProduct') &&
  format in BLOCK_FORMAT_NUMBERS &&
  (format !== 'nf4' || getBackend() === 'wasm');
