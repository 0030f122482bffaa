import { halvesToFloats } from '../half.js';
import type { QuantizedType } from '../weight-file.js';
import { dequantizeQ4K } from './dequantize-q4k.js';
import { dequantizeQ6K } from './dequantize-q6k.js';

/** Widens whole blocks. @param scaleOf reads the half at a byte position */
export type Dequantize = (bytes: Uint8Array, floats: Float32Array, scaleOf: (at: number) => number) => void;

const DEQUANTIZERS: Readonly<Record<QuantizedType, Dequantize>> = {
  Q8_0: dequantizeQ80,
  Q4_0: dequantizeQ40,
  Q4_K: dequantizeQ4K,
  Q6_K: dequantizeQ6K,
};

/**
 * The floats that blocks stand for, each step rounded to 32 bits as ggml's own code (ggml-quants.c) and gguf-py
 * round them.
 * @param bytes whole blocks
 * @param elements in all of them
 */
export function dequantize(bytes: Uint8Array, encoding: QuantizedType, elements: number): Float32Array {
  const floats = new Float32Array(elements);
  const bits = new Uint16Array(1);
  DEQUANTIZERS[encoding](bytes, floats, (at) => {
    bits[0] = bytes[at]! | (bytes[at + 1]! << 8);
    return halvesToFloats(bits)[0]!;
  });
  return floats;
}

/** 32 elements: a half scale, then signed bytes. */
function dequantizeQ80(bytes: Uint8Array, floats: Float32Array, scaleOf: (at: number) => number): void {
  for (let block = 0; 32 * block < floats.length; block++) {
    const at = 34 * block;
    const scale = scaleOf(at);
    for (let i = 0; i < 32; i++) floats[32 * block + i] = scale * ((bytes[at + 2 + i]! << 24) >> 24);
  }
}

/** 32 elements: a half scale, then 4-bit numbers less 8, the low halves of all bytes first. */
function dequantizeQ40(bytes: Uint8Array, floats: Float32Array, scaleOf: (at: number) => number): void {
  for (let block = 0; 32 * block < floats.length; block++) {
    const at = 18 * block;
    const scale = scaleOf(at);
    for (let i = 0; i < 16; i++) {
      const pair = bytes[at + 2 + i]!;
      floats[32 * block + i] = scale * ((pair & 15) - 8);
      floats[32 * block + 16 + i] = scale * ((pair >> 4) - 8);
    }
  }
}
