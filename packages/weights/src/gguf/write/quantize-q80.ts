import { floatsToHalves } from '../../half.js';

const BLOCK_ELEMENTS = 32;
const BLOCK_BYTES = 34;

/**
 * Blocks of 32 elements: a half scale, then signed bytes, as ggml rounds them (ggml-quants.c, `quantize_row_q8_0_ref`): the scale is rounded
 * to a half only where it is written, and halves of a step go away from zero.
 * @param floats as many as whole blocks need
 */
export function quantizeQ80(floats: Float32Array): Uint8Array {
  const bytes = new Uint8Array((floats.length / BLOCK_ELEMENTS) * BLOCK_BYTES);
  const signed = new Int8Array(bytes.buffer);
  const view = new DataView(bytes.buffer);
  for (let from = 0, at = 0; from < floats.length; from += BLOCK_ELEMENTS, at += BLOCK_BYTES) {
    let largest = 0;
    for (let i = 0; i < BLOCK_ELEMENTS; i++) largest = Math.max(largest, Math.abs(floats[from + i]!));
    const scale = Math.fround(largest / 127);
    const inverse = scale === 0 ? 0 : Math.fround(1 / scale);
    view.setUint16(at, floatsToHalves(Float32Array.of(scale))[0]!, true);
    for (let i = 0; i < BLOCK_ELEMENTS; i++) {
      const steps = Math.fround(floats[from + i]! * inverse);
      signed[at + 2 + i] = Math.sign(steps) * Math.floor(Math.fround(Math.abs(steps) + 0.5));
    }
  }
  return bytes;
}
