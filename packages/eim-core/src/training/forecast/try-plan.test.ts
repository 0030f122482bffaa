import { startEngine } from '@eim/engine';
import { memory } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { tinyDataset } from '../test-support/tiny-dataset.js';
import { tinyMixedRun, tinyRun, tinySegment } from '../test-support/tiny-run.js';
import { tryPlan } from './try-plan.js';

beforeAll(() => startEngine({ engine: 'cpu' }));

const learn = { select: 'full', learningRate: 0.5 } as const;
const gate = { metric: 'loss', split: 'val', direction: 'min' } as const;
const frozen = { learn: { st: learn }, gate, batchSize: 4 } as const;

/** Time goes on by a millisecond each time that somebody asks. */
/** A clock that goes on by so many milliseconds whenever it is read. */
function countingClock(milliseconds = 1): () => number {
  let now = 0;
  return () => {
    now += milliseconds;
    return now;
  };
}

describe('trials of a plan', () => {
  it('time steps, evaluations and encoding, and leave weights and tensors as they were', async () => {
    const dataset = tinyDataset({ train: 300, val: 90 });
    const run = tinyRun(
      [
        tinySegment({ name: 'all', batchSize: 4, ema: { decay: 0.5 } }),
        tinySegment({ name: 'frozen', ...frozen }),
        tinySegment({ name: 'again', ...frozen, learn: { st: { ...learn, learningRate: 0.1 } } }),
        tinySegment({ name: 'text', learn: { llm: learn }, objective: 'language', batchSize: 4 }),
      ],
      { dataset },
    );
    const before = run.weights();
    const tensors = memory().numTensors;
    const tried: string[] = [];
    const trials = await tryPlan({
      ...run.options,
      now: countingClock(),
      onTrial: (segment, index, count) => tried.push(`${segment} ${index}/${count}`),
    });
    expect(memory().numTensors).toBe(tensors);
    expect(run.weights()).toEqual(before);
    expect(tried).toEqual(['all 0/3', 'frozen 1/3', 'text 2/3']);
    const [all, cached, again, text] = trials.segments;
    expect(again).toBe(cached);
    expect(trials.segments.map(({ features }) => features)).toEqual([
      'computed',
      'cached',
      'cached',
      'unused',
    ]);
    // Steps of a millisecond: the later half of the most that there are.
    expect(all).toMatchObject({ timedSteps: 100, evaluationSeconds: {} });
    expect(all!.stepSeconds).toBeCloseTo(0.001);
    expect(all!.encodeSeconds).toBeUndefined();
    expect(cached!.encodeSeconds).toBeGreaterThan(0);
    expect(Object.keys(cached!.evaluationSeconds)).toEqual(['loss on val']);
    expect(text!.saveSeconds).toBe(0);
    expect(trials.splits).toEqual({
      train: { rows: 300, pictures: 300, sampledRows: 64, sampledPictures: 64 },
      val: { rows: 90, pictures: 90, sampledRows: 42, sampledPictures: 42 },
    });
    expect(trials.pictureBytes).toBeGreaterThan(0);
    run.dispose();
  });

  it.each([
    ['steps of half a second', 500, 5],
    ['very slow steps', 4000, 1],
  ])('%s are few', async (_, milliseconds, timedSteps) => {
    const run = tinyRun([tinySegment({ batchSize: 4 })]);
    const { segments } = await tryPlan({ ...run.options, now: countingClock(milliseconds) });
    expect(segments[0]!.timedSteps).toBe(timedSteps);
    run.dispose();
  });

  it('use rows of the length that most have', async () => {
    const run = tinyMixedRun([tinySegment({ batchSize: 4, captionsPerPicture: 1 })]);
    const tensors = memory().numTensors;
    const { segments } = await tryPlan(run.options);
    expect([7, 9, 12]).toContain(segments[0]!.textLength);
    expect(memory().numTensors).toBe(tensors);
    run.dispose();
  });
});
