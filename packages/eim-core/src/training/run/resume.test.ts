import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEngine } from '@eim/engine';
import { memory } from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createCheckpointFolder } from '../../node/checkpoints/checkpoint-folder.js';
import { tinyRun, tinySegment } from '../test-support/tiny-run.js';
import { trainPlan } from './train-plan.js';

beforeAll(() => startEngine({ engine: 'wasm' }));

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'eim-resume-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const learn = { select: 'full', learningRate: 0.02 } as const;
const segments = [
  tinySegment({
    name: 'contrast',
    learn: { encoder: { ...learn, layerDecay: 0.5 } },
    objective: { use: 'contrastive', options: { textWidth: 4, projectionSize: 4 } },
    data: { split: 'train', augment: ['horizontal-flip'] },
    ema: { decay: 0.9 },
    gate: { metric: 'neighbour-agreement', direction: 'max', rule: 'standard-error', interpolate: true },
    until: { steps: 7 },
  }),
  tinySegment({
    name: 'align',
    learn: { st: learn },
    objective: 'embedding-alignment',
    gate: {
      metric: 'caption-probe',
      direction: 'min',
      rule: 'standard-error',
      probe: { steps: 3, batchSize: 5 },
    },
    until: { steps: 4 },
  }),
  tinySegment({
    name: 'joint',
    until: { steps: 9, earlyStopping: { metric: 'loss', direction: 'min', every: 2, patience: 5 } },
  }),
];

/** Weights after the plan, interrupted after each of these numbers of steps. */
async function finalWeights(interruptions: readonly number[]) {
  const store = join(folder, `run-${interruptions.join('-')}`);
  for (const stopAt of interruptions) {
    const run = tinyRun(segments, { checkpoints: createCheckpointFolder(store), resume: true });
    const tensors = memory().numTensors;
    const controller = new AbortController();
    let steps = 0;
    const onProgress = ({ phase }: { phase: string }) => {
      if (phase === 'train') steps += 1;
      if (steps === stopAt) controller.abort('enough');
    };
    const error = await trainPlan({ ...run.options, onProgress, signal: controller.signal }).catch(
      (caught) => caught,
    );
    expect(error).toMatchObject({ code: 'interrupted', data: { saved: true } });
    expect(error.message).toMatch(/interrupted in segment '(contrast|align|joint)', step \d of [479]/);
    expect(memory().numTensors).toBe(tensors);
    run.dispose();
  }
  const run = tinyRun(segments, { checkpoints: createCheckpointFolder(store), resume: true });
  const result = await trainPlan(run.options);
  const weights = run.weights();
  run.dispose();
  return { weights, result };
}

describe('resuming', () => {
  it('ends with the very bits of an uninterrupted run, wherever it was cut', async () => {
    const whole = await finalWeights([]);
    expect(whole.result.steps).toBe(20);
    for (const cuts of [[3], [6, 3, 4], [2, 9]]) {
      const { weights, result } = await finalWeights(cuts);
      expect(weights).toEqual(whole.weights);
      const withoutTime = (segment: (typeof result.segments)[number]) => ({ ...segment, seconds: 0 });
      expect(result.segments.map(withoutTime)).toEqual(whole.result.segments.map(withoutTime));
    }
  });

  it('resumes from what a killed process had saved last', async () => {
    const whole = await finalWeights([]);
    const store = join(folder, 'killed');
    const options = { checkpoints: createCheckpointFolder(store), save: { steps: 2 }, resume: true };
    const run = tinyRun(segments, options);
    const killed = {
      onProgress: ({ step, phase, segment }: { step: number; phase: string; segment: string }) => {
        if (segment === 'joint' && phase === 'train' && step === 5) throw new Error('killed');
      },
    };
    await expect(trainPlan({ ...run.options, ...killed })).rejects.toThrow('killed');
    run.dispose();
    expect(await readdir(store)).toHaveLength(2);
    const again = tinyRun(segments, options);
    await trainPlan(again.options);
    expect(again.weights()).toEqual(whole.weights);
    again.dispose();
  });

  it('refuses another plan, seed or data set, and a finished run stays finished', async () => {
    const checkpoints = createCheckpointFolder(folder);
    const first = tinyRun([tinySegment({ until: { steps: 2 } })], { checkpoints });
    await trainPlan(first.options);
    const weights = first.weights();
    first.dispose();
    const other = tinyRun([tinySegment({ until: { steps: 3 } })], { checkpoints, resume: true, seed: 8 });
    await expect(trainPlan(other.options)).rejects.toMatchObject({
      code: 'invalid-config',
      message: expect.stringMatching(/the plan, the seed differ/),
    });
    other.dispose();
    const same = tinyRun([tinySegment({ until: { steps: 2 } })], { checkpoints, resume: true });
    expect((await trainPlan(same.options)).steps).toBe(2);
    expect(same.weights()).toEqual(weights);
    same.dispose();
  });
});
