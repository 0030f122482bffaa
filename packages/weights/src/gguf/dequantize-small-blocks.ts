type ScaleOf = (at: number) => number;

const BLOCK_ELEMENTS = 32;

/** 32 elements: a half scale, then signed bytes (ggml-quants.c, `dequantize_row_q8_0`; the others likewise). */
export function dequantizeQ80(bytes: Uint8Array, floats: Float32Array, scaleOf: ScaleOf): void {
  for (let block = 0; BLOCK_ELEMENTS * block < floats.length; block++) {
    const at = 34 * block;
    const scale = scaleOf(at);
    for (let i = 0; i < 32; i++) floats[32 * block + i] = scale * ((bytes[at + 2 + i]! << 24) >> 24);
  }
}

/** A half scale, then 4-bit numbers less 8. */
export const dequantizeQ40 = nibbles({ bytesPerBlock: 18, hasMinimum: false, hasFifthBits: false });
/** A half scale, a half minimum, then 4-bit numbers. */
export const dequantizeQ41 = nibbles({ bytesPerBlock: 20, hasMinimum: true, hasFifthBits: false });
/** A half scale, the numbers' fifth bits, then their other four; 16 is taken off. */
export const dequantizeQ50 = nibbles({ bytesPerBlock: 22, hasMinimum: false, hasFifthBits: true });
/** A half scale, a half minimum, the numbers' fifth bits, then their other four. */
export const dequantizeQ51 = nibbles({ bytesPerBlock: 24, hasMinimum: true, hasFifthBits: true });

interface NibbleBlocks {
  readonly bytesPerBlock: number;
  /** Added to every element; without one half of the numbers' range is taken off instead. */
  readonly hasMinimum: boolean;
  readonly hasFifthBits: boolean;
}

/** 32 elements of four bits and perhaps a fifth, the low halves of all bytes first. */
function nibbles({ bytesPerBlock, hasMinimum, hasFifthBits }: NibbleBlocks) {
  const middle = hasMinimum ? 0 : hasFifthBits ? 16 : 8;
  const fifthBits = hasMinimum ? 4 : 2;
  return (bytes: Uint8Array, floats: Float32Array, scaleOf: ScaleOf): void => {
    for (let block = 0; BLOCK_ELEMENTS * block < floats.length; block++) {
      const at = bytesPerBlock * block;
      const scale = scaleOf(at);
      const minimum = hasMinimum ? scaleOf(at + 2) : -0; // which keeps a zero's sign
      const numbers = at + bytesPerBlock - 16;
      for (let i = 0; i < BLOCK_ELEMENTS; i++) {
        const fifth = hasFifthBits ? (bytes[at + fifthBits + (i >> 3)]! >> (i & 7)) & 1 : 0;
        const number = ((bytes[numbers + (i & 15)]! >> (i < 16 ? 0 : 4)) & 15) | (fifth << 4);
        floats[BLOCK_ELEMENTS * block + i] = Math.fround(scale * (number - middle)) + minimum;
      }
    }
  };
}
