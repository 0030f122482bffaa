import { halfAt } from '../half.js';

const BLOCK_ELEMENTS = 256;
const BLOCK_BYTES = 84;

/**
 * 256 elements of two bits: a byte for every 16 elements with four bits of scale and four of minimum, 64 bytes of
 * numbers, then half scale and half minimum of the block (ggml-quants.c, `dequantize_row_q2_K`).
 */
export function dequantizeQ2K(bytes: Uint8Array, floats: Float32Array): void {
  for (let block = 0; BLOCK_ELEMENTS * block < floats.length; block++) {
    const at = BLOCK_BYTES * block;
    const numbers = at + 16;
    const blockScale = halfAt(bytes, at + 80);
    const blockMinimum = halfAt(bytes, at + 82);
    for (let i = 0; i < BLOCK_ELEMENTS; i++) {
      const packed = bytes[at + (i >> 4)]!;
      const scale = Math.fround(blockScale * (packed & 15));
      const minimum = Math.fround(blockMinimum * (packed >> 4));
      const number = (bytes[numbers + 32 * (i >> 7) + (i & 31)]! >> (2 * ((i >> 5) & 3))) & 3;
      floats[BLOCK_ELEMENTS * block + i] = Math.fround(scale * number) - minimum;
    }
  }
}
