import type { RandomStream } from '@eim/contracts/model';

/** Draws the first values of a parameter, row by row, from its own random stream. */
export type Initialiser = (shape: readonly number[], random: RandomStream) => Float32Array;

const size = (shape: readonly number[]): number => shape.reduce((product, side) => product * side, 1);

const fill = (shape: readonly number[], draw: () => number): Float32Array => {
  const values = new Float32Array(size(shape));
  for (let index = 0; index < values.length; index++) values[index] = draw();
  return values;
};

export const zeros: Initialiser = (shape) => new Float32Array(size(shape));

export const ones: Initialiser = (shape) => new Float32Array(size(shape)).fill(1);

/** Every value the same. */
export const constant =
  (value: number): Initialiser =>
  (shape) =>
    new Float32Array(size(shape)).fill(value);

/** Normal with mean 0 (GPT-2: 0.02). */
export const normal =
  (standardDeviation: number): Initialiser =>
  (shape, random) =>
    fill(shape, () => standardDeviation * random.normal());

/** Normal with mean 0, redrawn beyond two standard deviations. */
export const truncatedNormal =
  (standardDeviation: number): Initialiser =>
  (shape, random) =>
    fill(shape, () => {
      let draw = random.normal();
      while (Math.abs(draw) > 2) draw = random.normal();
      return standardDeviation * draw;
    });

/** Uniform in [-bound, bound). */
export const uniform =
  (bound: number): Initialiser =>
  (shape, random) =>
    fill(shape, () => bound * (2 * random.uniform() - 1));

/** Glorot and Bengio 2010, eq. 16, for a weight `[in, out]`: uniform within sqrt(6 / (in + out)). */
export const xavierUniform: Initialiser = (shape, random) => {
  const [inputs = 1, outputs = 1] = shape;
  return uniform(Math.sqrt(6 / (inputs + outputs)))(shape, random);
};

/** He et al. 2015, eq. 10, for layers before a rectifier: normal with the deviation sqrt(2 / inputs). */
export const heNormal = (inputSize: number): Initialiser => normal(Math.sqrt(2 / inputSize));

/** PyTorch's default for the weight and the bias of a Linear: uniform within 1 / sqrt(inputs). */
export const torchLinear = (inputSize: number): Initialiser => uniform(1 / Math.sqrt(inputSize));
