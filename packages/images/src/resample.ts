import type { RawPicture } from '@eim/contracts';
import type { ResampleCoefficients } from './resample-coefficients.js';
import { PRECISION_BITS } from './resample-coefficients.js';

/** Half of the last bit kept, so that the shift rounds. */
const HALF = 1 << (PRECISION_BITS - 1);

/** Pillow's `ImagingResampleHorizontal_8bpc`. @returns as high as the input, as wide as there are starts */
export function resampleRows(
  { data: input, width: inputWidth, height }: RawPicture,
  { starts, counts, weights, stride }: ResampleCoefficients,
): RawPicture {
  const width = starts.length;
  const output = new Uint8ClampedArray(height * width * 3);
  let to = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let from = (y * inputWidth + starts[x]!) * 3;
      let red = HALF;
      let green = HALF;
      let blue = HALF;
      const end = x * stride + counts[x]!;
      for (let k = x * stride; k < end; k++) {
        const weight = weights[k]!;
        red += input[from++]! * weight;
        green += input[from++]! * weight;
        blue += input[from++]! * weight;
      }
      output[to++] = red >> PRECISION_BITS;
      output[to++] = green >> PRECISION_BITS;
      output[to++] = blue >> PRECISION_BITS;
    }
  }
  return { width, height, data: new Uint8Array(output.buffer) };
}

/** Pillow's `ImagingResampleVertical_8bpc`. @returns as wide as the input, as high as there are starts */
export function resampleColumns(
  { data: input, width }: RawPicture,
  { starts, counts, weights, stride }: ResampleCoefficients,
): RawPicture {
  const height = starts.length;
  const rowBytes = width * 3;
  const output = new Uint8ClampedArray(height * rowBytes);
  const sums = new Int32Array(rowBytes);
  for (let y = 0; y < height; y++) {
    sums.fill(HALF);
    for (let k = 0; k < counts[y]!; k++) {
      const weight = weights[y * stride + k]!;
      const from = (starts[y]! + k) * rowBytes;
      for (let i = 0; i < rowBytes; i++) sums[i]! += input[from + i]! * weight;
    }
    for (let i = 0; i < rowBytes; i++) output[y * rowBytes + i] = sums[i]! >> PRECISION_BITS;
  }
  return { width, height, data: new Uint8Array(output.buffer) };
}
