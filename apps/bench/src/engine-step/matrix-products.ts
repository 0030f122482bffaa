import * as tf from '@tensorflow/tfjs-core';
import { MODEL, ROWS } from './model-shape.js';

/** One product's sizes and how often a step runs it. */
interface ProductSize {
  readonly rows: number;
  readonly inner: number;
  readonly columns: number;
  readonly times: number;
}

const { width, layers, vocabulary } = MODEL;

/** Every weight matrix of the model as [inputs, outputs], and how many of it there are. */
const WEIGHTS: readonly [number, number, number][] = [
  [width, width, 4 * layers],
  [width, 4 * width, layers],
  [4 * width, width, layers],
  [width, vocabulary, 1],
];

/** The step's products with weights: forward, by the input, and by the weight. */
const PRODUCTS: readonly ProductSize[] = WEIGHTS.flatMap(([inputs, outputs, times]) => [
  { rows: ROWS, inner: inputs, columns: outputs, times },
  { rows: ROWS, inner: outputs, columns: inputs, times },
  { rows: inputs, inner: ROWS, columns: outputs, times },
]);

/** Multiply-adds of the products with weights in one step. */
export const WEIGHT_MULTIPLY_ADDS = PRODUCTS.reduce(
  (total, { rows, inner, columns, times }) => total + rows * inner * columns * times,
  0,
);

/** Runs the step's products with weights once, as plain 2-D products of matrices made beforehand. */
export function createMatrixProducts(): () => void {
  const factors = PRODUCTS.map(({ rows, inner, columns, times }) => ({
    a: tf.randomUniform<tf.Rank.R2>([rows, inner], -1, 1, 'float32', 1),
    b: tf.randomUniform<tf.Rank.R2>([inner, columns], -1, 1, 'float32', 2),
    times,
  }));
  return () => {
    for (const { a, b, times } of factors) {
      for (let run = 0; run < times; run++) tf.matMul(a, b).dispose();
    }
  };
}
