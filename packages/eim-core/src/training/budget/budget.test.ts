import { startEngine } from '@eim/engine';
import { memory } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { parsePlan } from '../../plan/parse-plan.js';
import { trainPlan } from '../run/train-plan.js';
import { tinyDataset } from '../test-support/tiny-dataset.js';
import { tinyRun, tinySegment } from '../test-support/tiny-run.js';
import { equaliseBudget } from './equalise-budget.js';
import { planMultiplyAdds } from './plan-multiply-adds.js';

beforeAll(() => startEngine({ engine: 'cpu' }));

const learn = { select: 'full', learningRate: 0.01 } as const;
const eim = [
  tinySegment({ name: 'contrast', learn: { encoder: learn }, objective: 'contrastive', until: { steps: 3 } }),
  tinySegment({ name: 'align', learn: { st: learn }, objective: 'embedding-alignment', until: { steps: 4 } }),
  tinySegment({ name: 'warm-up', learn: { st: learn }, until: { steps: 2 } }),
  tinySegment({ until: { steps: 9 } }),
];
// 70 pictures: more than two chunks of the encoder.
const dataset = tinyDataset({ train: 70, val: 4 });

describe('planMultiplyAdds', () => {
  it('foretells what a real run spends, and leaves weights and memory alone', async () => {
    const run = tinyRun(eim, { dataset });
    const before = run.weights();
    const tensors = memory().numTensors;
    const cost = await planMultiplyAdds(run.options);
    expect(memory().numTensors).toBe(tensors);
    expect(run.weights()).toEqual(before);
    const real = await trainPlan(run.options);
    const spent = real.segments.map(({ multiplyAdds }) => multiplyAdds.training + multiplyAdds.encoding);
    cost.segments.forEach(({ total }, index) => {
      expect(total / spent[index]!).toBeCloseTo(1, 6);
    });
    expect(cost.segments.map(({ encoding }) => encoding > 0)).toEqual([false, true, false, false]);
    run.dispose();
  });
});

describe('equaliseBudget', () => {
  it('gives plain the steps that EIM spends elsewhere, within 2 %', async () => {
    const run = tinyRun(eim, { dataset });
    const { plan: _, ...options } = run.options;
    const wide = eim.map((segment) => ({ ...segment, until: { steps: segment.until.steps! * 20 } }));
    const budgets = await equaliseBudget(
      parsePlan({ segments: [tinySegment()] }),
      parsePlan({ segments: wide }),
      options,
    );
    expect(Math.abs(budgets.ratio - 1)).toBeLessThan(0.02);
    expect(budgets.plain.segments[0]!.until.steps).toBeGreaterThan(180);
    run.dispose();
  });
});
