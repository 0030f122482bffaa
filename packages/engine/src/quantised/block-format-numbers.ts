/**
 * Formats that the kernels read, by the numbers that they know them by: ggml's own (ggml.h, `enum ggml_type`), as in
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
};

/** Added to a number where activations go in bytes (`--compute fast`). */
export const FAST = 256;

/** Formats whose kernels know activations in bytes: all but plain halves. */
export const hasFastKernel = (format: string): boolean =>
  format in BLOCK_FORMAT_NUMBERS && format !== 'float16' && format !== 'bfloat16';
