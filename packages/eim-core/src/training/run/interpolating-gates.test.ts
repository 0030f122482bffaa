import { startEngine } from '@eim/engine';
import { memory } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { SegmentInput } from '../../plan/segment-schema.js';
import { interpolateWeights } from '../gates/interpolate-weights.js';
import { tinyRun, tinySegment } from '../test-support/tiny-run.js';
import { trainPlan } from './train-plan.js';

beforeAll(() => startEngine({ engine: 'cpu' }));

const score = { metric: 'score', direction: 'max' } as const;

/** Trains 3 steps behind a gate whose metric takes these values, the first of them before the segment. */
async function judged(values: readonly number[], gate: Partial<SegmentInput['gate'] & object>, more = {}) {
  const seen: Map<string, Float32Array>[] = [];
  const run = tinyRun([tinySegment({ until: { steps: 3 }, gate: { ...score, ...gate }, ...more })], {
    metrics: {
      score: async () => {
        seen.push(run.weights());
        return values[seen.length - 1]!;
      },
    },
  });
  const tensors = memory().numTensors;
  const { segments, notes } = await trainPlan(run.options);
  expect(memory().numTensors).toBe(tensors);
  const weights = run.weights();
  run.dispose();
  return { seen, weights, verdict: segments[0]!.gate!, notes };
}

describe('a gate that interpolates', () => {
  it('puts weights on the line between start and end', () => {
    const of = (...data: number[]) => [{ name: 'w', shape: [2], data: Float32Array.from(data) }];
    const [start, end] = [of(1, -2), of(3, 2)];
    expect(interpolateWeights(start, end, 0.25)[0]!.data).toEqual(Float32Array.of(1.5, -1));
    expect(interpolateWeights(start, end, 0)).toBe(start);
    expect(interpolateWeights(start, end, 1)).toBe(end);
    const [other] = interpolateWeights(
      [...of(9, 9).map((one) => ({ ...one, name: 'v' })), ...start],
      end,
      0.5,
    );
    expect(other!.data).toEqual(Float32Array.of(2, 0));
  });

  it('measures each share, keeps the best and says which', async () => {
    const { seen, weights, verdict, notes } = await judged([0.1, 0.3, 0.5, 0.2, 0.4], { interpolate: true });
    expect(verdict).toMatchObject({ before: 0.1, after: 0.5, kept: true, share: 0.5 });
    expect(verdict.measured).toEqual([
      { share: 0.25, value: 0.3 },
      { share: 0.5, value: 0.5 },
      { share: 0.75, value: 0.2 },
      { share: 1, value: 0.4 },
    ]);
    expect(weights).toEqual(seen[2]);
    for (const [name, start] of seen[0]!) {
      const end = seen[4]!.get(name)!;
      const between = start.map((value, place) => value + 0.5 * (end[place]! - value));
      expect(weights.get(name)).toEqual(between);
    }
    expect(notes).toEqual([
      "Segment 'joint' left 50 % of the way from its start to its end, the best share by score on val: 0.5.",
    ]);
  });

  it('keeps the greatest of equal shares, passes over what is no number, and takes averaged weights', async () => {
    const equal = await judged([0.1, 0.3, 0.3, Number.NaN, 0.3], { interpolate: true });
    expect(equal.verdict).toMatchObject({ share: 1, kept: true });
    expect(equal.weights).toEqual(equal.seen[4]);
    const averaged = await judged([0.1, 0.5, Number.NaN], { interpolate: [0.5, 1] }, { ema: { decay: 0.5 } });
    expect(averaged.verdict).toMatchObject({ share: 0.5, after: 0.5 });
    expect(averaged.weights).toEqual(averaged.seen[1]);
  });

  it('rolls back to the bit where no share passes, and takes the tolerance for each', async () => {
    const none = await judged([0.6, 0.3, 0.5, 0.2, 0.4], { interpolate: true });
    expect(none.verdict).toMatchObject({ before: 0.6, after: 0.5, kept: false, share: 0 });
    expect(none.weights).toEqual(none.seen[0]);
    const tolerant = await judged([0.6, 0.3, 0.5, 0.2, 0.4], { interpolate: true, tolerance: 0.15 });
    expect(tolerant.verdict).toMatchObject({ after: 0.5, kept: true, share: 0.5 });
  });

  it('is one measurement without it', async () => {
    const { verdict, seen } = await judged([0.1, 0.2], { interpolate: false });
    expect(seen).toHaveLength(2);
    expect(verdict.share).toBeUndefined();
  });

  it('works by pairs, and for updates of low rank', async () => {
    const gate = { metric: 'loss', direction: 'min', rule: 'standard-error', interpolate: true } as const;
    const select = { lora: { rank: 2, names: '*.weight' } } as const;
    const run = tinyRun([
      tinySegment({ gate, learn: { llm: { select, learningRate: 0.05 } }, until: { steps: 12 } }),
    ]);
    const { segments } = await trainPlan(run.options);
    const { share, paired, kept, measured } = segments[0]!.gate!;
    expect(kept).toBe(true);
    expect(measured).toHaveLength(4);
    expect(share).toBeGreaterThan(0);
    expect(paired!.gain).toBeGreaterThan(paired!.standardError);
    run.dispose();
  });
});
