import { startEngine } from '@eim/engine';
import { memory } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { SegmentInput } from '../../plan/segment-schema.js';
import { trainPlan } from '../run/train-plan.js';
import { TrainingEnvironment } from '../run/training-environment.js';
import { tinyMixedRun, tinyRun, tinySegment } from '../test-support/tiny-run.js';
import { captionProbe } from './caption-probe.js';

beforeAll(() => startEngine({ engine: 'wasm' }));

const learn = { select: 'full', learningRate: 0.02 } as const;
const probe = { steps: 30, batchSize: 6, learningRate: 0.02 };

/** Probes a model before anything is trained. */
async function probed(run: ReturnType<typeof tinyRun>, steps: number, each = false) {
  const environment = await TrainingEnvironment.create(run.options);
  const before = run.weights();
  const tensors = memory().numTensors;
  const state = environment.random.state();
  const found = await captionProbe(environment, {
    probe: { ...probe, steps },
    trainOn: 'train',
    heldOut: environment.splitData('val'),
    random: environment.random.fork('caption-probe'),
    each,
  });
  expect(memory().numTensors).toBe(tensors);
  expect(run.weights()).toEqual(before);
  expect(environment.random.state()).toBe(state);
  await environment.close();
  return found;
}

describe('the caption probe', () => {
  it('learns on copies: the loss falls with its steps, and the weights stay', async () => {
    const run = tinyRun([tinySegment()]);
    const [little, much] = [await probed(run, 1), await probed(run, 30)];
    expect(much.value).toBeLessThan(little.value - 0.3);
    expect(await probed(run, 30)).toEqual(much);
    run.dispose();
  });

  it('tells the loss of each picture, and takes rows with prompts and without pictures', async () => {
    const run = tinyRun([tinySegment()]);
    const { value, each } = await probed(run, 5, true);
    expect(each).toHaveLength(12);
    expect(each!.reduce((sum, one) => sum + one, 0) / 12).toBeCloseTo(value, 5);
    run.dispose();
    const mixed = tinyMixedRun([tinySegment({ captionsPerPicture: 1 })]);
    expect((await probed(mixed, 30)).value).toBeLessThan((await probed(mixed, 1)).value);
    mixed.dispose();
  });

  it.each(['tolerance', 'standard-error'] as const)(
    'as a gate by %s changes nothing of a run',
    async (rule) => {
      const final = async (gate: SegmentInput['gate']) => {
        const align = { name: 'align', learn: { st: learn }, ema: { decay: 0.5 }, until: { steps: 5 } };
        const run = tinyRun([
          tinySegment({ ...align, objective: 'embedding-alignment', ...(gate && { gate }) }),
          tinySegment({ until: { steps: 3 } }),
        ]);
        const { segments } = await trainPlan(run.options);
        const weights = run.weights();
        run.dispose();
        return { weights, segments };
      };
      const loose = { metric: 'caption-probe', direction: 'min', rule, probe } as const;
      const gated = await final(rule === 'tolerance' ? { ...loose, tolerance: 100 } : loose);
      const verdict = gated.segments[0]!.gate!;
      expect(verdict.before).not.toBe(verdict.after);
      expect(verdict.kept).toBe(rule === 'tolerance' || verdict.paired!.gain > verdict.paired!.standardError);
      if (verdict.kept) expect(gated.weights).toEqual((await final(undefined)).weights);
      expect(gated.segments[0]!.multiplyAdds.evaluation).toBeGreaterThan(0);
    },
  );
});
