import { halfAt } from '../half.js';

const BLOCK_ELEMENTS = 32;

/** 32 elements: a half scale, then signed bytes (ggml-quants.c, `dequantize_row_q8_0`; the others likewise). */
export function dequantizeQ80(bytes: Uint8Array, floats: Float32Array): void {
  const signed = new Int8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let to = 0, at = 0; to < floats.length; to += BLOCK_ELEMENTS, at += 34) {
    const scale = halfAt(bytes, at);
    for (let i = 0; i < BLOCK_ELEMENTS; i++) floats[to + i] = scale * signed[at + 2 + i]!;
  }
}

/** A half scale, then 4-bit numbers less 8. */
export const dequantizeQ40 = fourBits({ bytesPerBlock: 18, hasMinimum: false });
/** A half scale, a half minimum, then 4-bit numbers. */
export const dequantizeQ41 = fourBits({ bytesPerBlock: 20, hasMinimum: true });
/** A half scale, the numbers' fifth bits, then their other four; 16 is taken off. */
export const dequantizeQ50 = fiveBits({ bytesPerBlock: 22, hasMinimum: false });
/** A half scale, a half minimum, the numbers' fifth bits, then their other four. */
export const dequantizeQ51 = fiveBits({ bytesPerBlock: 24, hasMinimum: true });

interface NibbleBlocks {
  readonly bytesPerBlock: number;
  /** Added to every element; without one half of the numbers' range is taken off instead. */
  readonly hasMinimum: boolean;
}

/** What stands for no minimum: it keeps a zero's sign. */
const NOTHING = -0;

/** 32 elements of four bits, the low halves of all bytes first. */
function fourBits({ bytesPerBlock, hasMinimum }: NibbleBlocks) {
  const middle = hasMinimum ? 0 : 8;
  return (bytes: Uint8Array, floats: Float32Array): void => {
    for (let to = 0, at = 0; to < floats.length; to += BLOCK_ELEMENTS, at += bytesPerBlock) {
      const scale = halfAt(bytes, at);
      const minimum = hasMinimum ? halfAt(bytes, at + 2) : NOTHING;
      const numbers = at + bytesPerBlock - 16;
      for (let i = 0; i < 16; i++) {
        const packed = bytes[numbers + i]!;
        floats[to + i] = Math.fround(scale * ((packed & 15) - middle)) + minimum;
        floats[to + 16 + i] = Math.fround(scale * ((packed >> 4) - middle)) + minimum;
      }
    }
  };
}

/** 32 elements of four bits and a fifth, the low halves of all bytes first. */
function fiveBits({ bytesPerBlock, hasMinimum }: NibbleBlocks) {
  const middle = hasMinimum ? 0 : 16;
  const fifthBits = hasMinimum ? 4 : 2;
  return (bytes: Uint8Array, floats: Float32Array): void => {
    for (let to = 0, at = 0; to < floats.length; to += BLOCK_ELEMENTS, at += bytesPerBlock) {
      const scale = halfAt(bytes, at);
      const minimum = hasMinimum ? halfAt(bytes, at + 2) : NOTHING;
      const numbers = at + bytesPerBlock - 16;
      for (let i = 0; i < BLOCK_ELEMENTS; i++) {
        const fifth = (bytes[at + fifthBits + (i >> 3)]! >> (i & 7)) & 1;
        const number = ((bytes[numbers + (i & 15)]! >> (i < 16 ? 0 : 4)) & 15) | (fifth << 4);
        floats[to + i] = Math.fround(scale * (number - middle)) + minimum;
      }
    }
  };
}
