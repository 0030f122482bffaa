import { halfAt } from '../half.js';

/**
 * Six bits of scale and six of minimum for each of eight groups, packed into twelve bytes (ggml-quants.c,
 * `get_scale_min_k4`).
 */
export function groupScale(bytes: Uint8Array, at: number, group: number): number {
  if (group < 4) return bytes[at + group]! & 63;
  return (bytes[at + group + 4]! & 15) | ((bytes[at + group - 4]! >> 2) & 48);
}

/** The minimum that belongs to `groupScale`. */
export function groupMinimum(bytes: Uint8Array, at: number, group: number): number {
  if (group < 4) return bytes[at + group + 4]! & 63;
  return (bytes[at + group + 4]! >> 4) | ((bytes[at + group]! >> 2) & 48);
}

const BLOCK_ELEMENTS = 256;

/** Where a block has what, in bytes from its start. */
interface Layout {
  readonly blockBytes: number;
  /** Low four bits of the numbers, two groups to 32 bytes. */
  readonly numbers: number;
  /** 32 bytes: bit g of byte i is the fifth bit of element i of group g. Absent where numbers have four bits. */
  readonly fifthBits?: number;
}

/**
 * 256 elements in eight groups of 32: half scale and half minimum of the block, six bits of scale and of minimum
 * for each group packed into twelve bytes, then the numbers.
 */
function dequantizeGroups(
  { blockBytes, numbers, fifthBits }: Layout,
  bytes: Uint8Array,
  floats: Float32Array,
): void {
  for (let block = 0; BLOCK_ELEMENTS * block < floats.length; block++) {
    const at = blockBytes * block;
    const blockScale = halfAt(bytes, at);
    const blockMinimum = halfAt(bytes, at + 2);
    for (let group = 0; group < 8; group++) {
      const scale = Math.fround(blockScale * groupScale(bytes, at + 4, group));
      const minimum = Math.fround(blockMinimum * groupMinimum(bytes, at + 4, group));
      const low = at + numbers + 32 * (group >> 1);
      const shift = 4 * (group & 1);
      const target = BLOCK_ELEMENTS * block + 32 * group;
      for (let i = 0; i < 32; i++) {
        const fifth = fifthBits === undefined ? 0 : (bytes[at + fifthBits + i]! >> group) & 1;
        const number = ((bytes[low + i]! >> shift) & 15) | (fifth << 4);
        floats[target + i] = Math.fround(scale * number) - minimum;
      }
    }
  }
}

/** Numbers of four bits (ggml-quants.c, `dequantize_row_q4_K`). */
export function dequantizeQ4K(bytes: Uint8Array, floats: Float32Array): void {
  dequantizeGroups({ blockBytes: 144, numbers: 16 }, bytes, floats);
}

/** Numbers of five bits (ggml-quants.c, `dequantize_row_q5_K`). */
export function dequantizeQ5K(bytes: Uint8Array, floats: Float32Array): void {
  dequantizeGroups({ blockBytes: 176, numbers: 48, fifthBits: 16 }, bytes, floats);
}
