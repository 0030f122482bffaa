import { readFileSync } from 'node:fs';
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import {
  grads,
  ones,
  reshape,
  sum,
  tensor,
  tensor1d,
  transpose,
  variable,
  zeros,
} from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import * as eim from '../index.js';

interface Entry {
  shape: number[];
  values: number[];
}
interface Case {
  inputs: Entry[];
  output: Entry;
  gradients: Entry[];
  bias?: Entry;
}
interface Fixture {
  torch: string;
  cases: Record<string, Case>;
  adamW: { start: Entry; gradients: Entry[]; after: Entry[] };
}

const fixture = JSON.parse(
  readFileSync(new URL('./__fixtures__/torch-ops.json', import.meta.url), 'utf8'),
) as Fixture;
const made = ({ shape, values }: Entry): Tensor => tensor(values, shape);
const targets = () => tensor1d([2, 0, 4, 3], 'int32');
const rowWeights = () => tensor1d([1, 0, 0.5, 2]);

const OPS: Record<string, (...inputs: Tensor[]) => Tensor> = {
  layerNorm: (x, gain, bias) => eim.layerNorm(x as Tensor2D, gain as Tensor1D, bias as Tensor1D, 1e-5),
  rmsNorm: (x, gain) => eim.rmsNorm(x as Tensor2D, gain as Tensor1D, 1e-6),
  exactGelu: (x) => eim.exactGelu(x!),
  gelu: (x) => eim.gelu(x!),
  silu: (x) => eim.silu(x!),
  quickGelu: (x) => eim.quickGelu(x!),
  l2Normalise: (x) => eim.l2Normalise(x as Tensor2D),
  'crossEntropy 0.0': (x) => eim.crossEntropy(x as Tensor2D, targets(), ones([4]), 0),
  'crossEntropy 0.1': (x) => eim.crossEntropy(x as Tensor2D, targets(), ones([4]), 0.1),
  'crossEntropy weighted': (x) => eim.crossEntropy(x as Tensor2D, targets(), rowWeights(), 0.1),
  // PyTorch keeps the heads before the positions: [B, H, T, d].
  attention: (query, key, value) => {
    const rows = (x: Tensor) => {
      const [batch, heads, length, width] = x.shape as [number, number, number, number];
      return reshape(transpose(x, [0, 2, 1, 3]), [batch * length, heads * width]) as Tensor2D;
    };
    const bias = made(fixture.cases.attention!.bias!);
    const mixed = eim.attention({
      query: rows(query!),
      key: rows(key!),
      value: rows(value!),
      batch: 2,
      headCount: 4,
      keyValueHeadCount: 2,
      bias,
    });
    return transpose(reshape(mixed, [2, 3, 4, 2]), [0, 2, 1, 3]);
  },
};

function expectClose(actual: Tensor, { shape, values }: Entry): void {
  expect(actual.shape).toEqual(shape);
  const found = actual.dataSync();
  for (const [index, value] of values.entries()) {
    expect(Math.abs(found[index]! - value)).toBeLessThan(2e-5 * Math.max(1, Math.abs(value)));
  }
}

describe.each(['cpu', 'wasm'] as const)(`values of PyTorch ${fixture.torch} on %s`, (engine) => {
  beforeAll(() => eim.startEngine({ engine }));

  test.each(Object.keys(fixture.cases))('%s, forward and backward', (name) => {
    const { inputs, output, gradients } = fixture.cases[name]!;
    const tensors = inputs.map(made);
    expectClose(OPS[name]!(...tensors), output);
    const found = grads((...values: Tensor[]) => sum(OPS[name]!(...values)))(tensors);
    for (const [index, gradient] of gradients.entries()) expectClose(found[index]!, gradient);
  });

  test('three steps of AdamW', () => {
    const { start, gradients, after } = fixture.adamW;
    const parameter = variable(made(start));
    const moment = () => variable(zeros(start.shape), false);
    const [firstMoments, secondMoments] = [[moment()], [moment()]];
    for (const [index, gradient] of gradients.entries()) {
      eim.adamWStep({
        variables: [parameter],
        gradients: [made(gradient)],
        firstMoments,
        secondMoments,
        learningRates: [0.01],
        weightDecays: [0.1],
        beta2: 0.98,
        step: index + 1,
      });
      expectClose(parameter, after[index]!);
    }
  });
});
