import type { Tensor1D, Tensor2D } from '@eim/contracts/model';
import { startEngine } from '@eim/engine';
import { tensor1d, tensor2d } from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { symmetricContrast } from './symmetric-contrast.js';

beforeAll(() => startEngine({ engine: 'cpu' }));

const PICTURES = [
  [1, 0.2, 0],
  [0.1, 1, -0.3],
  [0.5, 0.5, 1],
];
const TEXTS = [
  [0.9, 0, 0.1],
  [0.3, 0.8, 0],
  [0, 0.6, 0.7],
];
const SCALE = 4;

const unit = (row: readonly number[]) => row.map((value) => value / Math.hypot(...row));
const product = (a: readonly number[], b: readonly number[]) => a.reduce((sum, x, i) => sum + x * b[i]!, 0);

/** Cross-entropy of rows against given targets, in plain arithmetic. */
function expected(targets: readonly (readonly number[])[], counted: readonly number[]): number {
  const side = (from: readonly number[][], to: readonly number[][]) =>
    counted.reduce((total, row) => {
      const scores = to.map((other) => SCALE * product(unit(from[row]!), unit(other)));
      const sum = counted.reduce((all, column) => all + Math.exp(scores[column]!), 0);
      return total - targets[row]!.reduce((all, share, i) => all + share * (scores[i]! - Math.log(sum)), 0);
    }, 0) / counted.length;
  return (side(PICTURES, TEXTS) + side(TEXTS, PICTURES)) / 2;
}

const SIMILAR = [
  [0.7, 0.3, 0],
  [0.2, 0.8, 0],
  [0, 0, 1],
];
const soft = SIMILAR.map((row, i) => row.map((share, j) => 0.4 * share + (i === j ? 0.6 : 0)));

it.each([
  ['all pairs', undefined, [0, 1, 2]],
  ['two pairs and filling', [1, 1, 0], [0, 1]],
])('spreads soft targets over similar pairs: %s', (_, real, counted) => {
  const loss = symmetricContrast(tensor2d(PICTURES) as Tensor2D, tensor2d(TEXTS) as Tensor2D, SCALE, {
    softTargets: 0.4,
    similar: tensor2d(SIMILAR) as Tensor2D,
    ...(real && { real: tensor1d(real) as Tensor1D }),
  });
  expect(loss.dataSync()[0]).toBeCloseTo(expected(soft, counted), 5);
});
