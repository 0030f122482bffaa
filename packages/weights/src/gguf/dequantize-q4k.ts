import { groupMinimum, groupScale } from './group-scales.js';

const BLOCK_ELEMENTS = 256;
const BLOCK_BYTES = 144;

/**
 * 256 elements in eight groups of 32: half scale and half minimum of the block, six bits of scale and of minimum
 * for each group packed into twelve bytes, then 4-bit numbers, two groups to 32 bytes (ggml-quants.c,
 * `dequantize_row_q4_K`).
 */
export function dequantizeQ4K(
  bytes: Uint8Array,
  floats: Float32Array,
  scaleOf: (at: number) => number,
): void {
  for (let block = 0; BLOCK_ELEMENTS * block < floats.length; block++) {
    const at = BLOCK_BYTES * block;
    const blockScale = scaleOf(at);
    const blockMinimum = scaleOf(at + 2);
    for (let group = 0; group < 8; group++) {
      const scale = Math.fround(blockScale * groupScale(bytes, at + 4, group));
      const minimum = Math.fround(blockMinimum * groupMinimum(bytes, at + 4, group));
      const numbers = at + 16 + 32 * (group >> 1);
      const shift = 4 * (group & 1);
      const target = BLOCK_ELEMENTS * block + 32 * group;
      for (let i = 0; i < 32; i++) {
        floats[target + i] = Math.fround(scale * ((bytes[numbers + i]! >> shift) & 15)) - minimum;
      }
    }
  }
}
