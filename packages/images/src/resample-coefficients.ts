import type { ImagePreprocessing } from '@eim/contracts';

/** How pixels between pixels are worked out, without antialiasing. */
export type Interpolation = 'bilinear-interpolation' | 'corner-interpolation';

/** Pillow's filters. */
export type ResizeFilter = Exclude<ImagePreprocessing['filter'], Interpolation>;

/** Those that weigh several pixels. */
export type WeighingFilter = Exclude<ResizeFilter, 'nearest'>;

/** Fraction bits of a weight: 32 less 8 of a pixel and 2 against overflow (Pillow, src/libImaging/Resample.c). */
export const PRECISION_BITS = 32 - 8 - 2;

/** Which input pixels an output pixel is made of, and with what weights. */
export interface ResampleCoefficients {
  /** First input pixel of each output pixel. */
  readonly starts: Int32Array;
  /** How many input pixels each output pixel takes. */
  readonly counts: Int32Array;
  /** Fixed-point weights, `stride` for each output pixel. */
  readonly weights: Int32Array;
  readonly stride: number;
}

/** `sin(pi x) / (pi x)` */
const sinc = (x: number): number => (x === 0 ? 1 : Math.sin(x * Math.PI) / (x * Math.PI));

const KERNELS: Readonly<Record<WeighingFilter, { support: number; weight(distance: number): number }>> = {
  box: { support: 0.5, weight: (distance) => (distance > -0.5 && distance <= 0.5 ? 1 : 0) },
  bilinear: { support: 1, weight: (distance) => Math.max(0, 1 - Math.abs(distance)) },
  hamming: {
    support: 1,
    weight(distance) {
      const x = Math.abs(distance);
      // Pillow writes both constants as 32-bit floats
      return x >= 1 ? 0 : sinc(x) * (Math.fround(0.54) + Math.fround(0.46) * Math.cos(x * Math.PI));
    },
  },
  bicubic: {
    support: 2,
    weight(distance) {
      const a = -0.5;
      const x = Math.abs(distance);
      if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
      if (x < 2) return (((x - 5) * x + 8) * x - 4) * a;
      return 0;
    },
  },
  lanczos: {
    support: 3,
    weight: (distance) => (distance >= -3 && distance < 3 ? sinc(distance) * sinc(distance / 3) : 0),
  },
  // Costella's magic kernel (johncostella.com/magic), sharpened as in 2013 and in 2021
  mks2013: {
    support: 2.5,
    weight(distance) {
      const x = Math.abs(distance);
      if (x >= 2.5) return 0;
      if (x >= 1.5) return -0.125 * (x - 2.5) ** 2;
      if (x >= 0.5) return (1 - x) * (1.75 - x);
      return 1.0625 - 1.75 * x * x;
    },
  },
  mks2021: {
    support: 4.5,
    weight(distance) {
      const x = Math.abs(distance);
      if (x >= 4.5) return 0;
      if (x >= 3.5) return (-1 / 288) * (x - 4.5) ** 2;
      if (x >= 2.5) return (1 / 36) * (x - 3) * (x - 3.75);
      if (x >= 1.5) return (1 / 6) * (x - 2) * (65 / 24 - x);
      if (x >= 0.5) return (35 / 36) * (x - 1) * (x - 239 / 140);
      return 577 / 576 - (239 / 144) * x * x;
    },
  },
};

/**
 * Weights along one axis, as Pillow's `precompute_coeffs` and `normalize_coeffs_8bpc` give them. When
 * shrinking, the kernel is stretched by the scale, which is Pillow's antialiasing.
 * @param first @param count which output pixels are wanted
 */
export function resampleCoefficients(
  inputSize: number,
  outputSize: number,
  filter: WeighingFilter,
  first = 0,
  count = outputSize,
): ResampleCoefficients {
  const kernel = KERNELS[filter];
  const scale = inputSize / outputSize;
  const stretch = Math.max(1, scale);
  const support = kernel.support * stretch;
  const stride = Math.ceil(support) * 2 + 1;
  const starts = new Int32Array(count);
  const counts = new Int32Array(count);
  const weights = new Int32Array(count * stride);
  const exact = new Float64Array(stride);
  for (let output = 0; output < count; output++) {
    const centre = (first + output + 0.5) * scale;
    const start = Math.max(0, Math.trunc(centre - support + 0.5));
    const end = Math.min(inputSize, Math.trunc(centre + support + 0.5));
    let sum = 0;
    for (let i = 0; i < end - start; i++) {
      exact[i] = kernel.weight((i + start - centre + 0.5) * (1 / stretch));
      sum += exact[i]!;
    }
    for (let i = 0; i < end - start; i++) {
      const normalised = sum === 0 ? exact[i]! : exact[i]! / sum;
      const half = normalised < 0 ? -0.5 : 0.5;
      weights[output * stride + i] = Math.trunc(half + normalised * (1 << PRECISION_BITS));
    }
    starts[output] = start;
    counts[output] = end - start;
  }
  return { starts, counts, weights, stride };
}
