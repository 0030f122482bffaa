import type { LinearTuning, Tensor2D } from '@eim/contracts/model';
import { createRandomStream, startEngine } from '@eim/engine';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { ones } from './initialisers.js';
import { MultiHeadAttention } from './multi-head-attention.js';
import { ParameterScope } from './parameter-scope.js';
import { relativeError } from './testing/relative-error.js';

/** Floats as they are, under a name that no kernel knows. */
const PLAIN = {
  name: 'plain',
  blockElements: 1,
  blockBytes: 4,
  widen: (bytes: Uint8Array, floats: Float32Array) => floats.set(new Float32Array(bytes.slice().buffer)),
};

/** All rows of one matrix. */
function rowsOf(values: Float32Array, rows: number) {
  const read = async (write: (offset: number, bytes: Uint8Array) => void) =>
    write(0, new Uint8Array(values.buffer.slice(0)));
  return { format: PLAIN, rows, columns: values.length / rows, read };
}

const attention = (scope: ParameterScope): MultiHeadAttention =>
  new MultiHeadAttention(scope, {
    size: 8,
    headCount: 2,
    keyValueHeadCount: 1,
    initialise: ones,
    initialiseOutput: ones,
    queryKeyValueBias: false,
    outputBias: false,
  });

const drawn = (shape: [number, number], seed: string): Tensor2D => {
  const stream = createRandomStream(1).fork(seed);
  return tf.tensor2d(
    Float32Array.from({ length: shape[0] * shape[1] }, () => stream.uniform() - 0.5),
    shape,
  );
};

beforeAll(() => startEngine({ engine: 'wasm' }));

test.each([
  ['plain', {}],
  ['with tunings of query, key and value', { inputScale: drawnLater([8]), lowRank: true }],
] as const)('attention on blocks is that on variables, %s', async (_, kind) => {
  const [variables, blocks] = [ParameterScope.awaitingValues(), ParameterScope.awaitingValues()];
  const [plain, held] = [attention(variables), attention(blocks)];
  for (const { name, shape } of variables.slots()) {
    const weight = drawn(shape as [number, number], name);
    variables.give(name, Float32Array.from(await weight.data()));
    const transposed = Float32Array.from(await tf.transpose(weight).data());
    await blocks.hold(name, [rowsOf(transposed, shape[1]!)], 'transpose');
  }
  expect(blocks.parameters()).toEqual([]);
  expect(blocks.readOnlyWeights().map(({ name, shape }) => [name, shape])).toEqual(
    variables.slots().map(({ name, shape }) => [name, shape]),
  );
  const tuning: LinearTuning = {
    ...('inputScale' in kind && { inputScale: kind.inputScale() }),
    ...('lowRank' in kind && { lowRank: { down: drawn([8, 2], 'down'), up: tf.zeros([2, 8]) } }),
  };
  const tunings = (layer: string) => (layer === 'attention.query' ? tuning : undefined);
  const x = drawn([6, 8], 'x');
  const context = { batch: 2, length: 3 };
  const of = (one: MultiHeadAttention) => one.apply(x, context, undefined, [], tunings).output;
  expect(relativeError(of(held), of(plain))).toBeLessThan(1e-6);
});

test('rows that do not fit, and layers that read none, are refused by name', async () => {
  const scope = ParameterScope.awaitingValues();
  attention(scope);
  scope.create('gain', [8], { role: 'norm', initialise: ones });
  const name = 'queryKeyValue.weight';
  await expect(scope.hold(name, [rowsOf(new Float32Array(24), 3)], 'transpose')).rejects.toThrow(name);
  await expect(scope.hold('gain', [rowsOf(new Float32Array(8), 1)], 'parameter')).rejects.toThrow('gain');
  await expect(scope.hold(name, [rowsOf(new Float32Array(128), 16)], 'parameter')).rejects.toThrow(name);
});

/** Drawn once an engine runs. */
function drawnLater(shape: [number]) {
  return () => tf.reshape(drawn([1, shape[0]], 'scale'), shape) as tf.Tensor1D;
}
