import { startEngine } from '@eim/engine';
import { memory, tensor1d, variable } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { MovingAverage } from './moving-average.js';

beforeAll(() => startEngine({ engine: 'cpu' }));

describe('MovingAverage', () => {
  it('follows its parameters, stands in for them, and becomes them', async () => {
    const tensors = memory().numTensors;
    const start = tensor1d([0, 1]);
    const weight = variable(start);
    const average = new MovingAverage([{ name: 'st.weight', variable: weight }], 0.25);
    const one = tensor1d([1, 1]);
    weight.assign(one);
    average.update(0); // decay min(0.25, 2 / 11)
    average.update(50); // decay 0.25
    const expected = 1 - 0.25 * (2 / 11);
    const inside = await average.during(async () => Array.from(await weight.data()));
    expect(inside[0]).toBeCloseTo(expected, 6);
    expect(inside[1]).toBe(1);
    expect(Array.from(await weight.data())).toEqual([1, 1]);
    await average.settle();
    expect((await weight.data())[0]).toBeCloseTo(expected, 6);
    average.dispose();
    for (const tensor of [start, one, weight]) tensor.dispose();
    expect(memory().numTensors).toBe(tensors);
  });
});
