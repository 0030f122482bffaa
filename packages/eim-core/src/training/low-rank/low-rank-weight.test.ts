import type { Parameter, ParameterRole, Tensor, Tensor1D, Tensor2D } from '@eim/contracts/model';
import { createRandomStream, globalNorm, startEngine } from '@eim/engine';
import {
  add,
  div,
  matMul,
  mean,
  memory,
  minimum,
  type Scalar,
  square,
  sub,
  tanh,
  tensor,
  tensor2d,
  tidy,
  variable,
} from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { AdamW } from '../optimizer/adamw.js';
import type { LearningParameter } from '../optimizer/learning-parameter.js';
import { lossAndGradients } from '../optimizer/loss-and-gradients.js';
import fixture from './__fixtures__/lora.json' with { type: 'json' };
import { learnInLowRank, lowRankWeights } from './learn-in-low-rank.js';

const { rank, alpha, weightDecay, clipNorm } = fixture;

function parameter(name: string, role: ParameterRole, values: number[] | number[][]): Parameter {
  return { name, role, depth: 0, variable: tidy(() => variable(tensor(values))) };
}

/** `tanh(x W1 + b) W2` against y: both weights learn in low rank, the bias as a whole. */
function network() {
  const first = parameter('first', 'weight', fixture.given.first);
  const second = parameter('second', 'weight', fixture.given.second);
  const bias = parameter('bias', 'bias', fixture.given.bias);
  const lowRank = { rank, alpha };
  const selected: LearningParameter[] = [
    { part: 'st', name: 'first', parameter: first, rate: 0.05, weightDecay, lowRank },
    { part: 'st', name: 'bias', parameter: bias, rate: 0.02, weightDecay: 0 },
    { part: 'st', name: 'second', parameter: second, rate: 0.05, weightDecay, lowRank },
  ];
  const learning = learnInLowRank(selected, createRandomStream('factors'));
  const weights = lowRankWeights(learning);
  const loss = (): Scalar => {
    const hidden = tanh(
      add(matMul(tensor2d(fixture.x), first.variable as Tensor2D), bias.variable as Tensor1D),
    ) as Tensor2D;
    return mean(square(sub(matMul(hidden, second.variable as Tensor2D), tensor2d(fixture.y))));
  };
  const dispose = () => {
    for (const weight of weights) weight.dispose();
    for (const one of [first, second, bias]) one.variable.dispose();
  };
  const values = (of: 'start' | 'end') =>
    new Map(Object.entries(fixture[of] as Readonly<Record<string, number[] | number[][]>>));
  return { first, second, bias, learning, weights, loss, values, dispose };
}

const expectClose = (found: Tensor, wanted: number[] | number[][], digits: number) => {
  expect(found.shape).toEqual(Array.isArray(wanted[0]) ? [wanted.length, wanted[0].length] : [wanted.length]);
  const flat = wanted.flat();
  for (const [index, value] of [...found.dataSync()].entries())
    expect(value).toBeCloseTo(flat[index]!, digits);
};

describe.each(['cpu', 'wasm'] as const)('weights that learn in low rank, on %s', (engine) => {
  beforeAll(async () => void (await startEngine({ engine })));

  it('take the steps that they take under peft and torch, and end with the weights that peft merges', () => {
    const tensors = memory().numTensors;
    const { learning, weights, loss, bias, first, second, values, dispose } = network();
    const start = values('start');
    for (const { name, parameter: factor, factorOf } of learning) {
      if (factorOf) tidy(() => factor.variable.assign(tensor(start.get(name.replace('.lora', ''))!)));
    }
    const optimizer = new AdamW(learning, { beta1: 0.9, beta2: 0.98, epsilon: 1e-6 });
    for (const [step, expected] of fixture.steps.entries()) {
      tidy(() => {
        const { value, gradients } = lossAndGradients(loss, learning);
        expect(value.dataSync()[0]).toBeCloseTo(expected.loss, 5);
        const wanted = new Map(Object.entries(expected.gradients as Record<string, number[] | number[][]>));
        for (const [index, { name }] of learning.entries()) {
          expectClose(gradients[index]!, wanted.get(name.replace('.lora', ''))!, 4);
        }
        const norm = globalNorm(gradients as Tensor[]);
        expect(norm.dataSync()[0]).toBeCloseTo(expected.norm, 4);
        const scale = minimum(1, div(clipNorm, add(norm, 1e-6))) as Scalar;
        optimizer.apply(gradients, { step: () => step, rateScale: () => 1 }, scale);
        for (const weight of weights) weight.write();
      });
    }
    expectClose(first.variable, fixture.end.first, 4);
    expectClose(second.variable, fixture.end.second, 4);
    expectClose(bias.variable, fixture.end.bias, 4);
    for (const { name, parameter: factor, factorOf } of learning) {
      if (factorOf) expectClose(factor.variable, values('end').get(name.replace('.lora', ''))!, 4);
    }
    optimizer.dispose();
    dispose();
    expect(memory().numTensors).toBe(tensors);
  });

  it('have the gradients that finite differences give', () => {
    const { learning, weights, loss, dispose } = network();
    tidy(() => {
      for (const { b } of weights) {
        const values = Float32Array.from({ length: b.variable.size }, (_, index) => Math.sin(index + 1) / 2);
        b.variable.assign(tensor(values, b.variable.shape));
      }
      for (const weight of weights) weight.write();
      const { gradients } = lossAndGradients(loss, learning);
      const lossWith = (factor: Parameter, place: number, change: number) => {
        const values = Float32Array.from(factor.variable.dataSync());
        const moved = Float32Array.from(values);
        moved[place]! += change;
        factor.variable.assign(tensor(moved, factor.variable.shape));
        for (const weight of weights) weight.write();
        const found = loss().dataSync()[0]!;
        factor.variable.assign(tensor(values, factor.variable.shape));
        for (const weight of weights) weight.write();
        return found;
      };
      for (const [index, { parameter: factor }] of learning.entries()) {
        for (const [place, slope] of [...gradients[index]!.dataSync()].entries()) {
          const difference = (lossWith(factor, place, 5e-3) - lossWith(factor, place, -5e-3)) / 1e-2;
          expect(Math.abs(slope - difference)).toBeLessThan(2e-3 * (1 + Math.abs(difference)));
        }
      }
    });
    dispose();
  });

  it('start as they are, from an A within its bound and a B of zeros, and leave nothing but themselves', () => {
    const tensors = memory().numTensors;
    const { weights, dispose } = network();
    const draws = weights.map(({ weight, a, b, start }, index) => {
      const given = index === 0 ? fixture.given.first : fixture.given.second;
      const [inputs, outputs] = weight.variable.shape as [number, number];
      expect([a.variable.shape, b.variable.shape]).toEqual([
        [inputs, rank],
        [rank, outputs],
      ]);
      expect([...b.variable.dataSync()].every((value) => value === 0)).toBe(true);
      expect([...weight.variable.dataSync()]).toEqual([...start.dataSync()]);
      weights[index]!.begin();
      weights[index]!.write();
      expectClose(weight.variable, given, 7);
      const values = [...a.variable.dataSync()];
      expect(Math.max(...values.map(Math.abs))).toBeLessThan(1 / Math.sqrt(inputs));
      expect(new Set(values).size).toBe(values.length);
      return values;
    });
    expect(draws[0]).not.toEqual(draws[1]!.slice(0, draws[0]!.length));
    dispose();
    expect(memory().numTensors).toBe(tensors);
  });
});
