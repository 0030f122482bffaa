import { halfAt } from '../half.js';

const BLOCK_ELEMENTS = 256;
const BLOCK_BYTES = 110;

/**
 * 256 elements of three bits less 4: 32 bytes of high bits, 64 bytes of low two bits, a scale of six bits less 32 for
 * every 16 elements packed into twelve bytes, then the block's half scale (ggml-quants.c, `dequantize_row_q3_K`).
 */
export function dequantizeQ3K(bytes: Uint8Array, floats: Float32Array): void {
  for (let block = 0; BLOCK_ELEMENTS * block < floats.length; block++) {
    const high = BLOCK_BYTES * block;
    const low = high + 32;
    const scales = low + 64;
    const blockScale = halfAt(bytes, scales + 12);
    for (let i = 0; i < BLOCK_ELEMENTS; i++) {
      const scale = Math.fround(blockScale * (sixBits(bytes, scales, i >> 4) - 32));
      const lowBits = (bytes[low + 32 * (i >> 7) + (i & 31)]! >> (2 * ((i >> 5) & 3))) & 3;
      const highBit = (bytes[high + (i & 31)]! >> (i >> 5)) & 1;
      floats[BLOCK_ELEMENTS * block + i] = scale * (lowBits + 4 * highBit - 4);
    }
  }
}

/** Four low bits in the first eight bytes, low halves first, and two high bits in the last four. */
function sixBits(bytes: Uint8Array, at: number, group: number): number {
  const low = (bytes[at + (group & 7)]! >> (group < 8 ? 0 : 4)) & 15;
  const high = (bytes[at + 8 + (group & 3)]! >> (2 * (group >> 2))) & 3;
  return low | (high << 4);
}
