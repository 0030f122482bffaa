import { halfAt } from '../half.js';

const BLOCK_ELEMENTS = 256;
const BLOCK_BYTES = 210;

/**
 * 256 elements of six bits less 32: 128 bytes of low four bits, 64 bytes of high two bits, a signed byte of scale
 * for every 16 elements, then the block's half scale (ggml-quants.c, `dequantize_row_q6_K`).
 */
export function dequantizeQ6K(bytes: Uint8Array, floats: Float32Array): void {
  for (let block = 0; BLOCK_ELEMENTS * block < floats.length; block++) {
    const low = BLOCK_BYTES * block;
    const high = low + 128;
    const scales = high + 64;
    const blockScale = halfAt(bytes, scales + 16);
    for (let i = 0; i < BLOCK_ELEMENTS; i++) {
      const half = i >> 7;
      const within = i & 127;
      const scale = Math.fround(blockScale * ((bytes[scales + (i >> 4)]! << 24) >> 24));
      const lowBits = (bytes[low + 64 * half + (within & 63)]! >> (within & 64 ? 4 : 0)) & 15;
      const highBits = (bytes[high + 32 * half + (within & 31)]! >> (2 * (within >> 5))) & 3;
      floats[BLOCK_ELEMENTS * block + i] = scale * ((lowBits | (highBits << 4)) - 32);
    }
  }
}
