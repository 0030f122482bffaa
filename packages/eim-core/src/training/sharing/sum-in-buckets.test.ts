import { startEngine } from '@eim/engine';
import { fill, memory, mul, type Tensor, tensor, tidy } from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { sumInBuckets } from './sum-in-buckets.js';

beforeAll(async () => void (await startEngine({ engine: 'cpu' })));

it('small tensors are added up together, large ones by themselves, each in its place', () => {
  const told: (readonly [number, number])[] = [];
  const group = {
    sumInStep(own: Tensor, place: number) {
      told.push([place, own.size]);
      return mul(own, 3);
    },
  };
  const shapes = [[], [2, 3], [1000, 600], [5], [400_000], [200_000], [1]];
  const tensors = memory().numTensors;
  tidy(() => {
    const given = shapes.map((shape, index) => fill(shape, index + 1));
    const sums = sumInBuckets(group, [...given, tensor([[7, 8]])]);
    expect(sums.map(({ shape }) => shape)).toEqual([...shapes, [1, 2]]);
    for (const [index, sum] of sums.slice(0, -1).entries())
      expect([sum.dataSync().at(0), sum.dataSync().at(-1)]).toEqual([3 * (index + 1), 3 * (index + 1)]);
    expect([...sums.at(-1)!.dataSync()]).toEqual([21, 24]);
  });
  expect(told).toEqual([
    [0, 7],
    [1, 600_000],
    [2, 400_005],
    [3, 200_003],
  ]);
  expect(memory().numTensors).toBe(tensors);
});
