import { globalNorm, startEngine } from '@eim/engine';
import {
  add,
  div,
  memory,
  minimum,
  type Scalar,
  tensor1d,
  tensor2d,
  tidy,
  variable,
} from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import fixture from './__fixtures__/adamw.json' with { type: 'json' };
import { AdamW } from './adamw.js';
import type { LearningParameter } from './learning-parameter.js';

beforeAll(() => startEngine({ engine: 'cpu' }));

describe('AdamW', () => {
  it('takes the steps that torch.optim.AdamW takes, with groups, schedule and clipping', async () => {
    const tensors = memory().numTensors;
    const [a, b] = tidy(
      () => [variable(tensor2d(fixture.start.a)), variable(tensor1d(fixture.start.b))] as const,
    );
    const learning: LearningParameter[] = [
      {
        part: 'st',
        name: 'a',
        parameter: { name: 'a', variable: a, role: 'weight', depth: 0 },
        rate: 0.1,
        weightDecay: 0.2,
      },
      {
        part: 'st',
        name: 'b',
        parameter: { name: 'b', variable: b, role: 'bias', depth: 0 },
        rate: 0.03,
        weightDecay: 0,
      },
    ];
    const optimizer = new AdamW(learning, { beta1: 0.9, beta2: 0.98, epsilon: 1e-6 });
    for (const [step, { rateScale, gradients, norm, ...expected }] of fixture.steps.entries()) {
      const found = tidy(() => {
        const given = [tensor2d(gradients.a), tensor1d(gradients.b)];
        const length = globalNorm(given);
        const scale = minimum(1, div(1.5, add(length, 1e-6))) as Scalar;
        optimizer.apply(given, { step: () => step, rateScale: () => rateScale }, scale);
        return length.dataSync()[0]!;
      });
      expect(found).toBeCloseTo(norm, 4);
      const [values, wanted] = [
        [...(await a.data()), ...(await b.data())],
        [...expected.a.flat(), ...expected.b],
      ];
      for (const [index, value] of values.entries()) expect(value).toBeCloseTo(wanted[index]!, 5);
    }
    optimizer.dispose();
    a.dispose();
    b.dispose();
    expect(memory().numTensors).toBe(tensors);
  });

  it('leaves a parameter that the loss does not reach, its decay included', () => {
    const weight = tidy(() => variable(tensor1d([1, 2])));
    const parameter = { name: 'a', variable: weight, role: 'weight', depth: 0 } as const;
    const optimizer = new AdamW([{ part: 'st', name: 'a', parameter, rate: 1, weightDecay: 1 }], {
      beta1: 0.9,
      beta2: 0.999,
      epsilon: 1e-8,
    });
    optimizer.apply([undefined], { step: () => 0, rateScale: () => 1 }, undefined);
    expect(Array.from(weight.dataSync())).toEqual([1, 2]);
    optimizer.dispose();
    weight.dispose();
  });
});
