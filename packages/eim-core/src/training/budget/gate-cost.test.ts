import { startEngine } from '@eim/engine';
import { memory } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { parsePlan } from '../../plan/parse-plan.js';
import type { SegmentInput } from '../../plan/segment-schema.js';
import { trainPlan } from '../run/train-plan.js';
import { tinyDataset } from '../test-support/tiny-dataset.js';
import { type TinyRun, tinyMixedRun, tinyRun, tinySegment } from '../test-support/tiny-run.js';
import { equaliseBudget } from './equalise-budget.js';
import { planMultiplyAdds } from './plan-multiply-adds.js';

beforeAll(() => startEngine({ engine: 'cpu' }));

const learn = { select: 'full', learningRate: 0.01 } as const;
const dataset = tinyDataset({ train: 70, val: 37 });
const until = { steps: 2 } as const;
const probe = { steps: 3, batchSize: 6 };

/** What the gates of a plan are foretold to spend, and what they do spend. */
async function foretoldAndSpent(run: TinyRun) {
  const tensors = memory().numTensors;
  const { segments, gates } = await planMultiplyAdds(run.options);
  expect(memory().numTensors).toBe(tensors);
  expect(segments.reduce((sum, one) => sum + one.gates, 0)).toBe(gates);
  const { multiplyAdds } = await trainPlan(run.options);
  run.dispose();
  return { foretold: gates, spent: multiplyAdds.evaluation };
}

describe('what gates are foretold to spend', () => {
  const st = { learn: { st: learn } };
  const probing = { metric: 'caption-probe', direction: 'min', probe } as const;
  it.each([
    ['caption, all learning', { gate: { metric: 'loss', direction: 'min' } }],
    ['caption, the encoder frozen', { ...st, gate: { metric: 'loss', direction: 'min' } }],
    [
      'language',
      { learn: { llm: learn }, objective: 'language', gate: { metric: 'loss', direction: 'min' } },
    ],
    [
      'words',
      {
        learn: { encoder: learn },
        objective: { use: 'words', options: { minimumCount: 2 } },
        gate: { metric: 'loss', direction: 'min' },
      },
    ],
    ['word-probe', { gate: { metric: 'word-probe', direction: 'max' } }],
    ['caption-probe', { ...st, objective: 'embedding-alignment', gate: probing }],
    [
      'four shares of what is learnt',
      { ...st, gate: { metric: 'loss', direction: 'min', interpolate: true } },
    ],
    ['caption-probe by pairs', { gate: { ...probing, rule: 'standard-error' } }],
  ] satisfies [string, Partial<SegmentInput>][])('is what a run spends: %s', async (_, changes) => {
    const run = tinyRun([tinySegment({ ...changes, until })], { dataset });
    const { foretold, spent } = await foretoldAndSpent(run);
    expect(spent).toBeGreaterThan(0);
    expect(foretold).toBe(spent);
  });

  it.each([
    ['contrast', { learn: { encoder: learn }, objective: 'contrastive' }],
    ['alignment', { ...st, objective: 'embedding-alignment' }],
  ] satisfies [string, Partial<SegmentInput>][])('is an upper bound: %s', async (_, changes) => {
    const gate = { metric: 'retrieval@1', direction: 'max' } as const;
    const run = tinyRun([tinySegment({ ...changes, gate, until })], { dataset });
    const { foretold, spent } = await foretoldAndSpent(run);
    expect(foretold).toBeGreaterThanOrEqual(spent);
    expect(foretold).toBeLessThan(1.5 * spent);
  });

  it('is an upper bound for rows of several lengths, some without pictures, and with the cache off', async () => {
    const mixed = { captionsPerPicture: 1, batchSize: 4, until };
    const run = tinyMixedRun([
      tinySegment({
        ...mixed,
        name: 'behind',
        learn: { llm: learn },
        gate: { metric: 'loss', direction: 'min' },
      }),
      tinySegment({ ...mixed, gate: probing }),
    ]);
    const kept = await foretoldAndSpent(run);
    expect(kept.foretold).toBeGreaterThanOrEqual(kept.spent);
    const off = tinyRun([tinySegment({ ...st, gate: { metric: 'loss', direction: 'min' }, until })], {
      dataset,
      featureCache: 'off',
    });
    const { foretold, spent } = await foretoldAndSpent(off);
    expect(foretold).toBe(spent);
  });

  it('counts nothing for a metric from outside, whose cost nobody knows, and for no gate', async () => {
    const gate = { metric: 'score', direction: 'max' } as const;
    const run = tinyRun([tinySegment({ gate }), tinySegment({ name: 'plain' })], {
      dataset,
      metrics: { score: async () => 1 },
    });
    expect((await planMultiplyAdds(run.options)).gates).toBe(0);
    run.dispose();
  });

  it('is charged to the side that has the gates: plain gets as many steps more', async () => {
    const run = tinyRun([tinySegment()], { dataset });
    const { plan: _, ...options } = run.options;
    const joint = { steps: 200 };
    const plain = parsePlan({ segments: [tinySegment({ until: joint })] });
    const gated = parsePlan({ segments: [tinySegment({ until: joint, gate: probing })] });
    const { plain: longer, ratio } = await equaliseBudget(plain, gated, options);
    const { gates, segments } = await planMultiplyAdds({ ...options, plan: gated });
    expect(longer.segments[0]!.until.steps).toBe(200 + Math.round(gates / segments[0]!.perStep));
    expect(longer.segments[0]!.until.steps).toBeGreaterThan(200);
    expect(Math.abs(ratio - 1)).toBeLessThan(0.02);
    run.dispose();
  });
});
