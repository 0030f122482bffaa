import type { Rank, Scalar, Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { clone, dispose, scalar, sum, tensor1d, variable, variableGrads, zeros } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import * as eim from '../index.js';
import { drawn } from '../testing/drawn.js';
import { expectSameOnWasm } from '../testing/expect-same-on-wasm.js';

const matrix = (x: Tensor | undefined) => x as Tensor2D;
const vector = (x: Tensor | undefined) => x as Tensor1D;
const size = (max: number) => fc.integer({ min: 1, max });

/** Runs a property on few random shapes and on given edge ones. */
async function onShapes(shapes: number[][], edges: number[][], run: (shape: number[]) => Promise<void>) {
  for (const shape of edges) await run(shape);
  const sampled = fc.sample(fc.tuple(...shapes.map(([max]) => size(max!))), { seed: 5, numRuns: 8 });
  for (const shape of sampled) await run(shape);
}

/** No rows, one value, row lengths about the width of a vector, and enough for several threads. */
const EDGES = [
  [0, 5],
  [1, 1],
  [3, 2],
  [2, 3],
  [5, 4],
  [300, 131],
];

describe('ops with kernels of their own on wasm equal their plain form on cpu, forward and backward', () => {
  test('layerNorm and rmsNorm', () =>
    onShapes([[70], [90]], EDGES, async ([rows, columns]) => {
      const given = [{ shape: [rows!, columns!] }, { shape: [columns!] }, { shape: [columns!] }];
      // One column has no variance: the result is the bias, and its scale is 1 / sqrt(epsilon).
      await expectSameOnWasm((x, g, b) => eim.layerNorm(matrix(x), vector(g), vector(b), 1e-2), given, {
        tolerance: 1e-4,
      });
      await expectSameOnWasm((x, g) => eim.rmsNorm(matrix(x), vector(g), 1e-5), given.slice(0, 2), {
        tolerance: 1e-4,
      });
    }));

  test('gelu, quickGelu and silu, far out too', () =>
    onShapes([[40], [40]], EDGES, async (shape) => {
      for (const op of [eim.gelu, eim.quickGelu, eim.silu]) {
        await expectSameOnWasm((x) => op(x!), [{ shape }]);
      }
      const values = [-1e4, -90, -20, -0, 0, 1e-30, 20, 90, 1e4];
      await expectSameOnWasm((x) => eim.silu(x!), [{ shape: [9], values }]);
    }));

  test('softmax', () =>
    onShapes([[40], [70]], EDGES, async (shape) => {
      await expectSameOnWasm((x) => eim.softmax(x!), [{ shape }]);
      await expectSameOnWasm((x) => eim.softmax(x!), [{ shape: [2, ...shape] }]);
    }));

  test('linear with a bias', () =>
    onShapes(
      [[40], [40], [40]],
      [
        [0, 2, 3],
        [2, 0, 3],
        [1, 1, 1],
        [700, 3, 70],
      ],
      async ([rows, inputs, outputs]) =>
        expectSameOnWasm(
          (x, w, b) => eim.linear(matrix(x), matrix(w), vector(b)),
          [{ shape: [rows!, inputs!] }, { shape: [inputs!, outputs!] }, { shape: [outputs!] }],
          { tolerance: 1e-4 },
        ),
    ));

  test('crossEntropy, weighted and smoothed', () =>
    onShapes(
      [[40], [70]],
      [
        [1, 1],
        [3, 2],
        [5, 4],
        [300, 131],
      ],
      async ([rows, classes]) => {
        const targets = () =>
          tensor1d(
            Array.from({ length: rows! }, (_, row) => (row * 7) % classes!),
            'int32',
          );
        const weights = () => tensor1d(Array.from({ length: rows! }, (_, row) => row % 3));
        for (const smoothing of [0, 0.1]) {
          await expectSameOnWasm(
            (x) => eim.crossEntropy(matrix(x), targets(), weights(), smoothing),
            [{ shape: [rows!, classes!] }],
          );
        }
      },
    ));

  const attentions: [string, number[], number[] | undefined][] = [
    ['one query, one key', [1, 1, 1, 1, 1, 1], undefined],
    ['heads and a causal bias', [2, 3, 3, 5, 5, 4], [1, 1, 5, 5]],
    ['other lengths and shared key heads', [3, 4, 2, 6, 9, 5], [3, 1, 1, 9]],
    ['a bias by head', [2, 4, 1, 3, 7, 8], [4, 3, 7]],
    ['a bias of one value for each query', [2, 2, 2, 3, 4, 3], [2, 2, 3, 1]],
    ['a bias of one value', [1, 2, 2, 3, 3, 3], [1]],
    ['one query of a decoder', [1, 8, 8, 1, 33, 16], [1, 1, 1, 33]],
    ['enough for several threads', [16, 4, 2, 30, 30, 32], [1, 1, 30, 30]],
  ];
  test.each(attentions)('attention: %s', async (_name, sizes, bias) => {
    const [batch, heads, groups, queries, keys, width] = sizes as [
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    const given = [
      [batch * queries, heads * width],
      [batch * keys, groups * width],
      [batch * keys, groups * width],
    ];
    for (const rate of [0, 0.3]) {
      await expectSameOnWasm(
        (query, key, value, offset) =>
          eim.attention({
            query: matrix(query),
            key: matrix(key),
            value: matrix(value),
            batch,
            headCount: heads,
            keyValueHeadCount: groups,
            ...(offset ? { bias: offset } : {}),
            dropout: { rate, random: eim.createRandomStream('mask') },
          }),
        [...given, ...(bias ? [bias] : [])].map((shape) => ({ shape })),
        { tolerance: 5e-5 },
      );
    }
  });
});

describe('on wasm', () => {
  beforeAll(() => eim.startEngine({ engine: 'wasm' }));

  test('attention frees what its gradients share, whichever of them is wanted', () => {
    const [query, key, value] = [
      drawn<Tensor2D>([6, 4]),
      drawn<Tensor2D>([6, 4], 'k'),
      drawn<Tensor2D>([6, 4], 'v'),
    ];
    const onward = drawn<Tensor2D>([4, 1], 'onward');
    const product = 2 * 2 * 3 * 3 * 2;
    for (const learned of ['query', 'key', 'value'] as const) {
      const learns = variable<Rank.R2>({ query, key, value }[learned]);
      const given = { query, key, value, [learned]: learns, batch: 2, headCount: 2 };
      const { multiplyAdds } = eim.measureMultiplyAdds(() =>
        eim.withoutLeaks(learned, () =>
          dispose(variableGrads(() => sum<Scalar>(eim.matMul(eim.attention(given), onward)))),
        ),
      );
      // Two products forward, the probabilities' gradient and that of the one input; and `onward` there and back.
      expect(multiplyAdds).toBe(4 * product + 2 * 6 * 4);
    }
  });

  test('a target that is no class is refused by number', () => {
    const loss = () => eim.crossEntropy(drawn<Tensor2D>([2, 3]), tensor1d([1, 3], 'int32'), tensor1d([1, 1]));
    expect(loss).toThrow('target 3 is outside 0..2');
  });
});

describe('adamWStep', () => {
  /** The parameter and both moments after three steps. */
  async function afterSteps(engine: 'cpu' | 'wasm', shape: number[], scale?: number): Promise<number[][]> {
    await eim.startEngine({ engine });
    const variables = [drawn(shape), zeros(shape), zeros(shape)].map((start) => variable(start));
    const [weight, first, second] = variables as [
      (typeof variables)[0],
      (typeof variables)[0],
      (typeof variables)[0],
    ];
    const gradientScale: Scalar | undefined = scale === undefined ? undefined : scalar(scale);
    for (let step = 1; step <= 3; step++) {
      eim.adamWStep({
        variables: [weight],
        gradients: [drawn(shape, step)],
        firstMoments: [first],
        secondMoments: [second],
        learningRates: [0.02],
        weightDecays: [0.1],
        step,
        ...(gradientScale ? { gradientScale } : {}),
      });
    }
    return variables.map((one) => [...one.dataSync()]);
  }

  test.each([[[1]], [[3]], [[7, 5]], [[0]], [[190, 180]]])('of %j equals the plain ops', async (shape) => {
    for (const scale of [undefined, 0.5]) {
      const expected = await afterSteps('cpu', shape, scale);
      for (const [index, values] of (await afterSteps('wasm', shape, scale)).entries()) {
        for (const [place, value] of values.entries()) expect(value).toBeCloseTo(expected[index]![place]!, 5);
      }
    }
  });

  test('changes no clone that shares its values', async () => {
    await eim.startEngine({ engine: 'wasm' });
    const weight = variable(tensor1d([1, 2]));
    const before = clone(weight);
    const [first, second] = [variable(zeros([2])), variable(zeros([2]))];
    const step = { learningRates: [0.1], weightDecays: [0], step: 1, gradients: [tensor1d([1, 1])] };
    const moments = { firstMoments: [first], secondMoments: [second] };
    eim.adamWStep({ ...step, ...moments, variables: [weight] });
    expect([...before.dataSync()]).toEqual([1, 2]);
    expect(weight.dataSync()[0]).toBeCloseTo(0.9, 5);
  });
});
