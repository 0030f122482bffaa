import { startEngine } from '@eim/engine';
import { memory } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { SegmentInput } from '../../plan/segment-schema.js';
import { passesGate } from '../gates/gate-verdict.js';
import { tinyRun, tinySegment } from '../test-support/tiny-run.js';
import { trainPlan } from './train-plan.js';

beforeAll(() => startEngine({ engine: 'cpu' }));

const gate = { metric: 'loss', split: 'val', direction: 'min' } as const;
/** So large that the weights run away without leaving the finite. */
const sabotaged = { learn: { llm: { select: 'full', learningRate: 30 } }, schedule: 'constant' } as const;

describe('gates', () => {
  it('roll a sabotaged segment back to the bit, move the data on, and say that nothing helped', async () => {
    const run = tinyRun([tinySegment({ name: 'wild', ...sabotaged, gate, ema: { decay: 0.5 } })]);
    const before = run.weights();
    const tensors = memory().numTensors;
    const result = await trainPlan(run.options);
    expect(memory().numTensors).toBe(tensors);
    expect(run.weights()).toEqual(before);
    const { gate: verdict } = result.segments[0]!;
    expect(verdict).toMatchObject({ ...gate, tolerance: 0, kept: false });
    expect(verdict!.after).toBeGreaterThan(verdict!.before);
    expect(result.measuresThatHelped).toBe('none');
    expect(result.notes[0]).toBe('Every gate rolled its segment back: no measure helped.');
    run.dispose();
  });

  it('a rolled-back segment leaves nothing but a moved data order', async () => {
    const final = async (names: string[]) => {
      const segments = names.map((name) =>
        tinySegment({ name, until: { steps: 4 }, ...(name === 'wild' ? { ...sabotaged, gate } : {}) }),
      );
      const run = tinyRun(segments);
      const result = await trainPlan(run.options);
      run.dispose();
      return result.segments.at(-1)!;
    };
    const [alone, after] = [await final(['joint']), await final(['wild', 'joint'])];
    expect(after.firstLoss).not.toBe(alone.firstLoss);
    expect(Math.abs(after.firstLoss - alone.firstLoss)).toBeLessThan(0.5);
  });

  it('measure before and after on the same data: an injected metric sees both', async () => {
    const seen: string[] = [];
    const scores = [0.5, 0.4];
    const metrics = {
      CIDEr: async (_model: unknown, split: string) => {
        seen.push(split);
        return scores[seen.length - 1]!;
      },
    };
    const learned = { ...gate, metric: 'CIDEr', direction: 'max', tolerance: 0.2 } as const;
    const run = tinyRun([tinySegment({ until: { steps: 2 }, gate: learned })], { metrics });
    const result = await trainPlan(run.options);
    const rule = 'tolerance';
    expect(result.segments[0]!.gate).toEqual({ ...learned, rule, before: 0.5, after: 0.4, kept: true });
    expect(seen).toEqual(['val', 'val']);
    expect(result.measuresThatHelped).toBe('all');
    run.dispose();
  });

  it('never pass what is no number', () => {
    const rule = { before: 1, direction: 'max', tolerance: 5 } as const;
    expect(passesGate({ ...rule, after: Number.NaN })).toBe(false);
    expect(passesGate({ ...rule, after: -4 })).toBe(true);
    expect(passesGate({ ...rule, after: -4.1 })).toBe(false);
    expect(passesGate({ ...rule, direction: 'min', after: 6 })).toBe(true);
  });
});

describe('early stopping', () => {
  it('stops after its patience and leaves the best weights', async () => {
    const values = [3, 1, 2, 2, 0];
    const kept: Map<string, Float32Array>[] = [];
    const earlyStopping = { metric: 'score', split: 'val', direction: 'min', every: 2, patience: 2 } as const;
    const run = tinyRun([tinySegment({ until: { steps: 20, earlyStopping } })], {
      metrics: {
        score: async () => {
          kept.push(run.weights());
          return values[kept.length - 1]!;
        },
      },
    });
    const result = await trainPlan(run.options);
    expect(result.segments[0]).toMatchObject({
      steps: 8,
      plannedSteps: 20,
      stoppedEarly: true,
      best: { metric: 'score', split: 'val', value: 1, step: 4 },
    });
    expect(run.weights()).toEqual(kept[1]);
    run.dispose();
  });
});

describe('keepBest', () => {
  const keepBest = { metric: 'score', split: 'val', direction: 'max', every: 3 } as const;

  /** Trains 10 steps with the metric's values as they come. @returns the weights at each evaluation, too */
  async function trained(values: readonly number[], changes: Partial<SegmentInput> = {}) {
    const seen: Map<string, Float32Array>[] = [];
    const run = tinyRun([tinySegment({ until: { steps: 10 }, keepBest, ...changes })], {
      metrics: {
        score: async () => {
          seen.push(run.weights());
          return values[seen.length - 1]!;
        },
      },
    });
    const tensors = memory().numTensors;
    const result = await trainPlan(run.options);
    expect(memory().numTensors).toBe(tensors);
    const weights = run.weights();
    run.dispose();
    return { seen, weights, segment: result.segments[0]!, notes: result.notes };
  }

  it('takes all steps, measures the last too, and leaves the best weights', async () => {
    const { seen, weights, segment, notes } = await trained([1, 5, 2, 4]);
    expect(seen).toHaveLength(4);
    expect(segment).toMatchObject({ steps: 10, plannedSteps: 10, stoppedEarly: false });
    expect(segment.best).toEqual({ metric: 'score', split: 'val', value: 5, step: 6 });
    expect(weights).toEqual(seen[1]);
    expect(notes).toEqual(["Segment 'joint' left its weights after step 6, the best by score on val: 5."]);
  });

  it('leaves the first of equals, the last where that is the best, and averages where the segment averages', async () => {
    expect((await trained([2, 3, 3, 3])).segment.best!.step).toBe(6);
    const { seen, weights, segment } = await trained([1, 2, 3, 4], { ema: { decay: 0.9 } });
    expect(segment.best!.step).toBe(10);
    expect(weights).toEqual(seen[3]);
  });

  it('leaves the last weights, and says so, where the metric never was a number', async () => {
    const { weights, segment, seen, notes } = await trained([Number.NaN, Number.NaN, Number.NaN, Number.NaN]);
    expect(segment.best).toBeUndefined();
    expect(weights).toEqual(seen[3]);
    expect(notes).toEqual([
      "Segment 'joint' left its last weights: score on val was no finite number at any evaluation.",
    ]);
  });
});
