import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { cast } from '@tensorflow/tfjs-core';
import { crossEntropy } from '../../ops/cross-entropy.js';
import { l2Normalise } from '../../ops/l2-normalise.js';
import { layerNorm } from '../../ops/layer-norm.js';
import { rmsNorm } from '../../ops/rms-norm.js';
import { softmax } from '../../ops/softmax.js';
import { type Array64, mapRows64, rows64 } from '../array64.js';
import { casesOf, drawnInputs, type OpCase } from '../op-case.js';

const mean = (row: ArrayLike<number>): number =>
  Array.from(row).reduce((total, value) => total + value, 0) / row.length;

/** Softmax of a row, and the logarithm of its sum of exponentials. */
export function softmaxRow64(row: Float64Array): { probabilities: Float64Array; logSum: number } {
  const peak = Math.max(...row);
  const exponentials = row.map((value) => Math.exp(value - peak));
  const total = exponentials.reduce((sum, value) => sum + value, 0);
  return { probabilities: exponentials.map((value) => value / total), logSum: peak + Math.log(total) };
}

const ROW_SHAPES = [
  ['', [6, 9]],
  ['one row', [1, 9]],
  ['one column', [5, 1]],
  ['no rows', [0, 4]],
  ['a large batch', [480, 32]],
] as const;

/** Cases of a normalisation with vectors of the row's width. */
const rowsWith = (vectors: number) =>
  ROW_SHAPES.map(
    ([detail, shape]) =>
      [detail, ...drawnInputs(shape, ...Array.from({ length: vectors }, () => [shape[1]]))] as const,
  );

function crossEntropy64(logits: Array64, targets: Array64, weights: Array64, smoothing: number): Array64 {
  const total = weights.values.reduce((sum, value) => sum + value, 0);
  const losses = rows64(logits).map((row, index) => {
    const { logSum } = softmaxRow64(row);
    const target = row[targets.values[index]!]!;
    return weights.values[index]! * (logSum - (1 - smoothing) * target - smoothing * mean(row));
  });
  const sum = losses.reduce((all, loss) => all + loss, 0);
  return { shape: [], values: Float64Array.of(total === 0 ? 0 : sum / total) };
}

const rowWeights = [1, 0, 0.5, 2];

export const ROW_CASES: readonly OpCase[] = [
  ...casesOf(
    'layerNorm',
    rowsWith(2),
    (x, gain, bias) => layerNorm(x as Tensor2D, gain as Tensor1D, bias as Tensor1D, 1e-5),
    (x, gain, bias) =>
      mapRows64(x!, x!.shape[1]!, (row) => {
        const centre = mean(row);
        const scale = 1 / Math.sqrt(mean(row.map((value) => (value - centre) ** 2)) + 1e-5);
        return row.map((value, i) => (value - centre) * scale * gain!.values[i]! + bias!.values[i]!);
      }),
  ),
  ...casesOf(
    'rmsNorm',
    rowsWith(1),
    (x, gain) => rmsNorm(x as Tensor2D, gain as Tensor1D, 1e-5),
    (x, gain) =>
      mapRows64(x!, x!.shape[1]!, (row) => {
        const scale = 1 / Math.sqrt(mean(row.map((value) => value ** 2)) + 1e-5);
        return row.map((value, i) => value * scale * gain!.values[i]!);
      }),
  ),
  ...casesOf(
    'l2Normalise',
    [
      ['', ...drawnInputs([6, 9])],
      ['one row', ...drawnInputs([1, 5])],
      ['no rows', ...drawnInputs([0, 5])],
    ],
    (x) => l2Normalise(x as Tensor2D),
    (x) =>
      mapRows64(x!, x!.shape[1]!, (row) => {
        const length = Math.hypot(...row);
        return row.map((value) => value / length);
      }),
  ),
  ...casesOf(
    'softmax',
    [
      ...rowsWith(0),
      ['large values', { shape: [4, 5], scale: 80 }],
      ['four axes', ...drawnInputs([2, 3, 4, 5])],
    ],
    (x) => softmax(x!),
    (x) => mapRows64(x!, x!.shape.at(-1)!, (row) => softmaxRow64(row).probabilities),
  ),
  ...[0, 0.1].flatMap((smoothing) =>
    casesOf(
      smoothing ? 'crossEntropy, smoothed' : 'crossEntropy',
      [
        ['', { shape: [4, 6] }, { shape: [4], integers: [2, 0, 5, 2] }, given(rowWeights)],
        ['one row', { shape: [1, 6] }, { shape: [1], integers: [5] }, given([1])],
        ['one class', { shape: [4, 1] }, { shape: [4], integers: [0, 0, 0, 0] }, given(rowWeights)],
        ['no weight', { shape: [4, 6] }, { shape: [4], integers: [2, 0, 5, 2] }, given([0, 0, 0, 0])],
        [
          'large logits',
          { shape: [4, 6], scale: 60 },
          { shape: [4], integers: [2, 0, 5, 2] },
          given(rowWeights),
        ],
        ['many', { shape: [240, 50] }, { shape: [240], integers: spread(240, 50) }, given(spread(240, 3))],
      ],
      (logits, targets, weights) =>
        crossEntropy(
          logits as Tensor2D,
          targets as Tensor1D,
          cast(weights as Tensor1D, 'float32'),
          smoothing,
        ),
      (logits, targets, weights) => crossEntropy64(logits!, targets!, weights!, smoothing),
    ),
  ),
];

/** Row weights take no gradient, so they go through whole numbers: only their ratios count. */
function given(weights: readonly number[]) {
  return { shape: [weights.length], integers: weights.map((weight) => weight * 2) };
}

function spread(count: number, bound: number): number[] {
  return Array.from({ length: count }, (_, index) => (index * 7 + 3) % bound);
}
