import type { EncodeOptions, Tensor4D } from '@eim/contracts/model';
import { startEngine } from '@eim/engine';
import { add, mul } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { withMethods } from '../../compose/with-methods.js';
import type { SegmentInput } from '../../plan/segment-schema.js';
import { planMultiplyAdds } from '../budget/plan-multiply-adds.js';
import { trainPlan } from '../run/train-plan.js';
import { checkpointsInMemory, interruptionAfter } from '../test-support/interruption.js';
import { type TinyRun, tinyMixedRun, tinySegment } from '../test-support/tiny-run.js';
import { outcome, unequalRun } from '../test-support/unequal-run.js';

const learn = { select: 'full', learningRate: 0.01 } as const;
const CONTRAST = { use: 'contrastive', options: { textWidth: 6, projectionSize: 5 } };
const SOFT = {
  use: 'contrastive',
  options: { ...CONTRAST.options, softTargets: 0.4, labelSmoothing: 0.1, source: 'pooled' },
};
const OBJECTIVES: readonly Partial<SegmentInput>[] = [
  { objective: CONTRAST, learn: { encoder: learn } },
  { objective: SOFT, learn: { encoder: learn } },
  { objective: 'embedding-alignment', learn: { encoder: learn, st: learn } },
  { objective: 'embedding-alignment', learn: { st: learn } },
];

const WORDS = { use: 'words', weight: 0.5, options: { minimumCount: 2 } };
const learnsAll = { learn: { encoder: learn, st: learn, llm: learn } };
/** Losses beside others, with and without one among them that compares rows. */
const FURTHER: readonly Partial<SegmentInput>[] = [
  { objective: { use: 'caption', auxiliary: [WORDS, { use: 'language', weight: 0.2 }] }, ...learnsAll },
  { objective: { use: 'caption', auxiliary: [WORDS, { ...SOFT, weight: 0.3 }] }, ...learnsAll },
  { objective: { ...CONTRAST, auxiliary: [WORDS] }, learn: { encoder: learn } },
];

function expectClose(weights: ReadonlyMap<string, Float32Array>, wanted: ReadonlyMap<string, Float32Array>) {
  for (const [name, values] of weights) {
    const differences = values.map((value, index) => Math.abs(value - wanted.get(name)![index]!));
    expect(Math.max(...differences), name).toBeLessThan(2e-6);
  }
}

const greatestMove = (before: ReadonlyMap<string, Float32Array>, after: ReadonlyMap<string, Float32Array>) =>
  Math.max(
    ...[...after].map(([name, values]) =>
      Math.max(...values.map((value, index) => Math.abs(value - before.get(name)![index]!))),
    ),
  );

/** Questions whose pictures stand in several batches of a step, among text alone. */
const sharedPictures = (changes: Partial<SegmentInput>): TinyRun =>
  tinyMixedRun(
    [
      tinySegment({
        captionsPerPicture: 1,
        optimizer: { epsilon: 1e-3 },
        clipNorm: 0.5,
        until: { steps: 4 },
        ...changes,
      }),
    ],
    { textLengths: [12] },
  );

describe.each(['cpu', 'wasm'] as const)('a step that compares several batches on %s', (engine) => {
  beforeAll(() => startEngine({ engine }));

  it.each([...OBJECTIVES, ...FURTHER])(
    'learns what one on a single large batch learns: %j',
    async (changes) => {
      const runOf = (sizes: Partial<SegmentInput>) =>
        unequalRun({ ...changes, ema: { decay: 0.5 }, ...sizes });
      const untrained = runOf({});
      const before = untrained.weights();
      untrained.dispose();
      const large = await outcome(runOf({ batchSize: 12 }));
      const small = await outcome(runOf({ batchSize: 3, accumulate: 4 }));
      expect(greatestMove(before, large.weights)).toBeGreaterThan(1e-3);
      expectClose(small.weights, large.weights);
      for (const [index, numbers] of small.logged.entries()) {
        for (const name of ['loss', 'gradientNorm/objective', 'gradientNorm/st', 'rate'])
          if (name in large.logged[index]!)
            expect((numbers[name] as number) / (large.logged[index]![name] as number)).toBeCloseTo(1, 5);
      }
      expect(small.segment).toMatchObject({ steps: 4, examples: 48 });
    },
  );

  it.each(FURTHER)('spends on further losses what the plan foretells: %j', async (changes) => {
    const segment = { ...changes, batchSize: 4, accumulate: 3, until: { steps: 5 } };
    const run = tinyMixedRun([tinySegment({ captionsPerPicture: 1, ...segment })]);
    const [cost] = (await planMultiplyAdds(run.options)).segments;
    const { segment: spent } = await outcome(run);
    expect(cost!.total - cost!.encoding).toBe(spent.multiplyAdds.training);
  });

  it.each(OBJECTIVES)('counts a picture once that stands in several batches: %j', async (changes) => {
    const large = await outcome(sharedPictures({ ...changes, batchSize: 12 }));
    const small = await outcome(sharedPictures({ ...changes, batchSize: 3, accumulate: 4 }));
    expectClose(small.weights, large.weights);
  });

  it.each(OBJECTIVES)('spends what the plan foretells: %j', async (changes) => {
    const segment = { ...changes, batchSize: 4, accumulate: 3, until: { steps: 5 } };
    const run = tinyMixedRun([tinySegment({ captionsPerPicture: 1, ...segment })]);
    const { segments } = await planMultiplyAdds(run.options);
    const [cost] = segments;
    const { segment: spent } = await outcome(run);
    expect(cost!.total - cost!.encoding).toBe(spent.multiplyAdds.training);
    expect(cost!.encoding).toBe(spent.multiplyAdds.encoding);
    expect(cost!.byLength.length).toBeGreaterThan(1);
    const apart = tinyMixedRun([tinySegment({ captionsPerPicture: 1, ...segment, accumulate: 1 })]);
    const [alone] = (await planMultiplyAdds(apart.options)).segments;
    apart.dispose();
    expect(cost!.byLength[0]!.perStep).toBeGreaterThan(1.2 * alone!.byLength[0]!.perStep);
    expect(cost!.memory.working).toBeGreaterThan(alone!.memory.working);
  });
});

describe('a step that compares several batches', () => {
  beforeAll(() => startEngine({ engine: 'cpu' }));

  it('draws the same in both of its passes', async () => {
    const drawn: number[][] = [];
    const run = unequalRun({
      objective: CONTRAST,
      learn: { encoder: learn },
      batchSize: 3,
      accumulate: 2,
      until: { steps: 2 },
    });
    const { encoder } = run.model;
    const noisy = withMethods(encoder, {
      encode(pixels: Tensor4D, options: EncodeOptions = {}) {
        const noise = options.random!.uniformTensor([pixels.shape[0], 1, 1, 1]);
        if (options.training) drawn.push([...noise.dataSync()]);
        return encoder.encode(add(pixels, mul(noise, 3)), options);
      },
    });
    const model = { ...run.model, encoder: noisy };
    await trainPlan({ ...run.options, model, recordSteps: false });
    run.dispose();
    const steps = drawn.slice(-8);
    for (const [first, second] of [
      [0, 2],
      [1, 3],
      [4, 6],
      [5, 7],
    ] as const)
      expect(steps[first]).toEqual(steps[second]);
    expect(new Set(steps.map(String)).size).toBe(4);
  });

  it('knows the loss of guessing among all of its pictures', async () => {
    const notes: string[] = [];
    const frozen = { select: 'full', learningRate: 1e-9 } as const;
    const run = unequalRun(
      {
        objective: { ...CONTRAST, options: { ...CONTRAST.options, temperature: 1 } },
        learn: { encoder: frozen },
        batchSize: 3,
        accumulate: 4,
        until: { steps: 60 },
      },
      false,
      { onNote: (note) => void notes.push(note) },
    );
    const { segment } = await outcome(run);
    expect(segment.lastLoss).toBeCloseTo(Math.log(12), 1);
    expect(segment.collapsed).toBe(true);
    expect(notes.join()).toContain(Math.log(12).toFixed(2));
  });

  it('ends with the same bits where it was interrupted', async () => {
    const changes = {
      objective: SOFT,
      learn: { encoder: learn },
      batchSize: 4,
      accumulate: 3,
      until: { steps: 3 },
    };
    const whole = await outcome(unequalRun(changes));
    for (let cut = 1; cut < 3; cut += 1) {
      const checkpoints = checkpointsInMemory();
      const run = unequalRun(changes, false, { checkpoints, ...interruptionAfter(cut) });
      await expect(trainPlan(run.options)).rejects.toMatchObject({ code: 'interrupted' });
      run.dispose();
      const resumed = await outcome(unequalRun(changes, false, { checkpoints, resume: true }));
      expect(resumed.weights).toEqual(whole.weights);
      expect({ ...resumed.segment, seconds: 0 }).toEqual({ ...whole.segment, seconds: 0 });
    }
  });
});
