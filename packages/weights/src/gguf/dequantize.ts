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

/** Widens whole blocks, as many as fill `floats`. */
type Dequantize = (bytes: Uint8Array, floats: Float32Array) => void;

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
 * Writes the floats that blocks stand for, each step rounded to 32 bits as ggml's own code (ggml-quants.c) and gguf-py
 * round them.
 * @param bytes whole blocks, as many as fill `floats`
 */
export function dequantizeInto(floats: Float32Array, bytes: Uint8Array, encoding: QuantizedType): void {
  DEQUANTIZERS[encoding](bytes, floats);
}
