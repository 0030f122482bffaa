import type { Tensor, Tensor1D, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';
import { mul, ones, tensor1d } from '@tensorflow/tfjs-core';
import { beforeAll, describe, test } from 'vitest';
import {
  attention,
  averagePool,
  conv2d,
  createRandomStream,
  crossEntropy,
  depthwiseConv2d,
  dropout,
  embedding,
  exactGelu,
  gelu,
  l2Normalise,
  layerNorm,
  linear,
  matMul,
  quickGelu,
  relu,
  relu6,
  rmsNorm,
  rotary,
  silu,
  softmax,
  startEngine,
  tanh,
} from '../index.js';
import { drawn } from '../testing/drawn.js';
import { expectGradients } from '../testing/expect-gradients.js';
import { expectSameOnWasm } from '../testing/expect-same-on-wasm.js';

const matrix = (x: Tensor | undefined) => x as Tensor2D;
const grid = (x: Tensor | undefined) => x as Tensor4D;
const vector = (x: Tensor | undefined) => x as Tensor1D;
const fixedIds = () => tensor1d([2, 0, 4, 2], 'int32');

/** Every op with the shapes of its differentiable inputs, small enough for differences entry by entry. */
const CASES: [string, (...inputs: Tensor[]) => Tensor, number[][]][] = [
  [
    'matMul',
    (a, b) => matMul(matrix(a), matrix(b)),
    [
      [3, 4],
      [4, 2],
    ],
  ],
  [
    'matMul of transposed',
    (a, b) => matMul(a!, b!, { transposeA: true, transposeB: true }),
    [
      [4, 3],
      [2, 4],
    ],
  ],
  [
    'matMul of stacks',
    (a, b) => matMul(a!, b!, { transposeB: true }),
    [
      [2, 3, 4],
      [2, 5, 4],
    ],
  ],
  ...[1, 2].flatMap((stride): [string, (...inputs: Tensor[]) => Tensor, number[][]][] => [
    [
      `conv2d, stride ${stride}`,
      (x, w) => conv2d(grid(x), grid(w), { stride, padding: 1 }),
      [
        [2, 4, 4, 2],
        [3, 3, 2, 3],
      ],
    ],
    [
      `depthwiseConv2d, stride ${stride}`,
      (x, w) => depthwiseConv2d(grid(x), grid(w), stride),
      [
        [2, 5, 4, 2],
        [3, 3, 2, 1],
      ],
    ],
  ]),
  [
    'conv2d of one pixel',
    (x, w) => conv2d(grid(x), grid(w)),
    [
      [2, 2, 3, 2],
      [1, 1, 2, 3],
    ],
  ],
  ['relu6', (x) => relu6(mul(x!, 9)), [[4, 4]]],
  ['averagePool', (x) => averagePool(grid(x), 2), [[2, 4, 6, 3]]],
  ['rotary', (x) => rotary(matrix(x), drawn<Tensor2D>([3, 4]), drawn<Tensor2D>([3, 4])), [[3, 8]]],
  ['linear', (x, w, b) => linear(matrix(x), matrix(w), vector(b)), [[3, 4], [4, 2], [2]]],
  [
    'linear without bias',
    (x, w) => linear(matrix(x), matrix(w)),
    [
      [1, 4],
      [4, 2],
    ],
  ],
  ['embedding', (table) => embedding(matrix(table), fixedIds()), [[5, 3]]],
  ['layerNorm', (x, g, b) => layerNorm(matrix(x), vector(g), vector(b), 1e-5), [[3, 5], [5], [5]]],
  ['rmsNorm', (x, g) => rmsNorm(matrix(x), vector(g), 1e-5), [[3, 5], [5]]],
  ['exactGelu', (x) => exactGelu(x!), [[4, 5]]],
  ['gelu', (x) => gelu(x!), [[4, 5]]],
  ['quickGelu', (x) => quickGelu(x!), [[4, 5]]],
  ['silu', (x) => silu(x!), [[2, 3, 4]]],
  ['relu', (x) => relu(x!), [[4, 5]]],
  ['tanh', (x) => tanh(x!), [[4, 5]]],
  ['softmax', (x) => softmax(matrix(x)), [[3, 6]]],
  ['l2Normalise', (x) => l2Normalise(matrix(x)), [[4, 3]]],
  ['dropout', (x) => dropout(x!, 0.4, createRandomStream('mask')), [[5, 6]]],
  ['crossEntropy', (x) => crossEntropy(matrix(x), fixedIds(), ones([4]), 0), [[4, 6]]],
  [
    'crossEntropy, smoothed and weighted',
    (x) => crossEntropy(matrix(x), fixedIds(), tensor1d([1, 0, 0.5, 2]), 0.2),
    [[4, 6]],
  ],
  [
    'attention',
    (query, key, value) =>
      attention({ query: matrix(query), key: matrix(key), value: matrix(value), batch: 2, headCount: 2 }),
    [
      [6, 4],
      [4, 4],
      [4, 4],
    ],
  ],
  [
    'attention with a bias and shared key heads',
    (query, key, value, bias) =>
      attention({
        query: matrix(query),
        key: matrix(key),
        value: matrix(value),
        batch: 2,
        headCount: 4,
        keyValueHeadCount: 2,
        bias: bias!,
        scale: 0.7,
      }),
    [
      [6, 8],
      [4, 4],
      [4, 4],
      [2, 1, 3, 2],
    ],
  ],
  [
    'attention with dropout',
    (query, key, value) =>
      attention({
        query: matrix(query),
        key: matrix(key),
        value: matrix(value),
        batch: 1,
        headCount: 2,
        dropout: { rate: 0.3, random: createRandomStream('mask') },
      }),
    [
      [3, 4],
      [3, 4],
      [3, 4],
    ],
  ],
];

describe('gradients', () => {
  describe('agree with differences on cpu', () => {
    beforeAll(() => startEngine({ engine: 'cpu' }));
    test.each(CASES)('%s', (_name, fn, shapes) => {
      expectGradients(
        fn,
        shapes.map((shape, index) => drawn(shape, index)),
      );
    });
  });

  describe('and results on wasm equal those on cpu', () => {
    test.each(CASES)('%s', async (_name, fn, shapes) => {
      await expectSameOnWasm(
        fn,
        shapes.map((shape) => ({ shape })),
      );
    });
  });
});
