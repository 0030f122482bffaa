import { groupMinimum, groupScale } from './group-scales.js';

const BLOCK_ELEMENTS = 256;
const BLOCK_BYTES = 176;

/**
 * As Q4_K, with a fifth bit of each number in 32 bytes before the other four: bit g of byte i belongs to element i of
 * group g (ggml-quants.c, `dequantize_row_q5_K`).
 */
export function dequantizeQ5K(
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
      const numbers = at + 48 + 32 * (group >> 1);
      const shift = 4 * (group & 1);
      const target = BLOCK_ELEMENTS * block + 32 * group;
      for (let i = 0; i < 32; i++) {
        const fifth = (bytes[at + 16 + i]! >> group) & 1;
        const number = ((bytes[numbers + i]! >> shift) & 15) | (fifth << 4);
        floats[target + i] = Math.fround(scale * number) - minimum;
      }
    }
  }
}
