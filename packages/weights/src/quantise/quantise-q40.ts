import { floatsToHalves } from '../half.js';

const ELEMENTS = 32;
const BYTES = 18;

/**
 * Blocks of 32 elements: a half scale, then four bits for each, those of the first sixteen low (gguf-py, `Q4_0.quantize_blocks`): the
 * value of the largest size, the first of several, becomes -8 steps.
 * @param floats as many as whole blocks need
 */
export function quantiseQ40(floats: Float32Array): Uint8Array {
  const bytes = new Uint8Array((floats.length / ELEMENTS) * BYTES);
  const view = new DataView(bytes.buffer);
  const scale = new Float32Array(1);
  for (let from = 0, at = 0; from < floats.length; from += ELEMENTS, at += BYTES) {
    let largest = floats[from]!;
    for (let i = 1; i < ELEMENTS; i++) {
      const value = floats[from + i]!;
      if (Math.abs(value) > Math.abs(largest)) largest = value;
    }
    scale[0] = largest / -8;
    const inverse = scale[0] === 0 ? 0 : Math.fround(1 / scale[0]!);
    view.setUint16(at, floatsToHalves(scale)[0]!, true);
    for (let i = 0; i < ELEMENTS / 2; i++) {
      const low = steps(floats[from + i]!, inverse);
      bytes[at + 2 + i] = low | (steps(floats[from + ELEMENTS / 2 + i]!, inverse) << 4);
    }
  }
  return bytes;
}

/** Rounded to a float after each step. */
const steps = (value: number, inverse: number): number =>
  Math.min(15, Math.trunc(Math.fround(Math.fround(value * inverse) + 8.5)) & 255);
