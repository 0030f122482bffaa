import { halvesToFloats } from '../half.js';
import type { QuantizedType } from '../quantized-type.js';
import { dequantizeQ2K } from './dequantize-q2k.js';
import { dequantizeQ3K } from './dequantize-q3k.js';
import { dequantizeQ4K, dequantizeQ5K } from './dequantize-q4k-q5k.js';
import { dequantizeQ6K } from './dequantize-q6k.js';
import {
  dequantizeQ40,
  dequantizeQ41,
  dequantizeQ50,
  dequantizeQ51,
  dequantizeQ80,
} from './dequantize-small-blocks.js';

/** Widens whole blocks. @param scaleOf reads the half at a byte position */
export type Dequantize = (bytes: Uint8Array, floats: Float32Array, scaleOf: (at: number) => number) => void;

const DEQUANTIZERS: Readonly<Record<QuantizedType, Dequantize>> = {
  Q8_0: dequantizeQ80,
  Q4_0: dequantizeQ40,
  Q4_1: dequantizeQ41,
  Q5_0: dequantizeQ50,
  Q5_1: dequantizeQ51,
  Q2_K: dequantizeQ2K,
  Q3_K: dequantizeQ3K,
  Q4_K: dequantizeQ4K,
  Q5_K: dequantizeQ5K,
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
