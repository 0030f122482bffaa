import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Dataset } from '@eim/contracts';
import { startEngine } from '@eim/engine';
import { memory } from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createCheckpointFolder } from '../../node/checkpoints/checkpoint-folder.js';
import { createFeatureFolder } from '../../node/feature-cache/feature-folder.js';
import { createSpillFolder } from '../../node/feature-cache/spill-folder.js';
import type { SegmentInput } from '../../plan/segment-schema.js';
import { doubleValues } from '../test-support/double-values.js';
import { tinyMixedRows } from '../test-support/tiny-rows.js';
import { type TinyRun, tinyMixedRun, tinyRun, tinySegment } from '../test-support/tiny-run.js';
import { trainPlan } from './train-plan.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'eim-mixed-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const learn = { select: 'full', learningRate: 0.02 } as const;
/** One answer a row, everything learns. */
const mixedSegment = (changes: Partial<SegmentInput> = {}): SegmentInput =>
  tinySegment({ batchSize: 4, captionsPerPicture: 1, ...changes });
/** The side of the LLM learns in ST and LLM; encoder and what enters it do not. */
const behindEncoder = { st: { select: { lastBlocks: 1 }, learningRate: 0.02 }, llm: learn } as const;

const expectClose = (run: TinyRun, other: TinyRun) => {
  const wanted = other.weights();
  for (const [name, values] of run.weights()) {
    const difference = values.map((value, index) => Math.abs(value - wanted.get(name)![index]!));
    expect(Math.max(...difference), name).toBeLessThan(1e-5);
  }
};

describe.each(['cpu', 'wasm'] as const)('mixed rows on %s', (engine) => {
  beforeAll(async () => {
    await startEngine({ engine });
  });

  it('are learnt through adapters in both neighbours, without a leak', async () => {
    const gate = { metric: 'loss', split: 'val', direction: 'min' } as const;
    const run = tinyMixedRun([mixedSegment({ until: { steps: 80 }, gate })]);
    const before = run.weights();
    const tensors = memory().numTensors;
    const { segments, notes } = await trainPlan(run.options);
    expect(memory().numTensors).toBe(tensors);
    const [segment] = segments;
    expect(segment!.lastLoss).toBeLessThan(segment!.firstLoss * 0.5);
    expect(segment).toMatchObject({ features: 'computed', examples: 320, targetsLeftOut: 0, textLength: 12 });
    expect(segment!.gate!.after).toBeLessThan(segment!.gate!.before);
    expect(notes).toEqual([]);
    for (const [name, values] of run.weights()) {
      const moved = values.some((value, index) => value !== before.get(name)![index]);
      expect(moved, name).toBe(true);
    }
    run.dispose();
  });

  it('end with the same weights from cached features as from pixels', async () => {
    const segments = [mixedSegment({ learn: behindEncoder, until: { steps: 14 } })];
    const cached = tinyMixedRun(segments);
    const { segments: done, featureCache } = await trainPlan(cached.options);
    expect(done[0]!.features).toBe('cached');
    expect(featureCache.encoded).toBe(8);
    const computed = tinyMixedRun(segments);
    // Not told which of its parameters enter the encoder, the run has to expect all of them to.
    Object.assign(computed.model.st, { encoderParameters: undefined });
    expect((await trainPlan(computed.options)).segments[0]!.features).toBe('computed');
    expectClose(cached, computed);
    cached.dispose();
    computed.dispose();
  });

  it('end with the very weights of an uninterrupted run when they are resumed', async () => {
    const segments = [
      mixedSegment({ name: 'behind', learn: behindEncoder, until: { steps: 5 } }),
      mixedSegment({ name: 'all', batchSize: 6, until: { steps: 8 } }),
    ];
    const whole = tinyMixedRun(segments);
    await trainPlan(whole.options);
    for (const stopAt of [3, 5]) {
      const run = tinyMixedRun(segments, { checkpoints: createCheckpointFolder(folder), resume: true });
      const controller = new AbortController();
      let steps = 0;
      const onProgress = ({ phase }: { phase: string }) => {
        if (phase === 'train') steps += 1;
        if (steps === stopAt) controller.abort('enough');
      };
      const stopped = trainPlan({ ...run.options, onProgress, signal: controller.signal });
      await expect(stopped).rejects.toMatchObject({ code: 'interrupted', data: { saved: true } });
      run.dispose();
    }
    const last = tinyMixedRun(segments, { checkpoints: createCheckpointFolder(folder), resume: true });
    expect((await trainPlan(last.options)).steps).toBe(13);
    expect(last.weights()).toEqual(whole.weights());
    last.dispose();
    whole.dispose();
  });
});

describe('mixed rows', () => {
  beforeAll(async () => {
    await startEngine({ engine: 'cpu' });
  });

  it('keep cached features in bounded memory and the rest in a file that is gone afterwards', async () => {
    const segments = [mixedSegment({ learn: behindEncoder })];
    const free = tinyMixedRun(segments);
    await trainPlan(free.options);
    // 5 floats a picture: room for three of eight.
    const bound = tinyMixedRun(segments, { pictureMemory: 70, openSpillFile: createSpillFolder(folder) });
    expect((await trainPlan(bound.options)).segments[0]!.features).toBe('cached');
    expect(bound.weights()).toEqual(free.weights());
    expect(await readdir(folder)).toEqual([]);
    free.dispose();
    bound.dispose();
  });

  it('are cached apart for each state of what enters the encoder, and of that alone', async () => {
    const featureCache = createFeatureFolder(folder);
    const counts = async (change?: string) => {
      const run = tinyMixedRun([mixedSegment({ learn: behindEncoder, until: { steps: 1 } })], {
        featureCache,
      });
      const changed = run.model.st.parameters().find(({ name }) => name === change);
      if (changed) doubleValues(changed);
      const { encoded, read } = (await trainPlan(run.options)).featureCache;
      run.dispose();
      return { encoded, read };
    };
    expect(await counts()).toEqual({ encoded: 8, read: 0 });
    expect(await counts()).toEqual({ encoded: 0, read: 8 });
    expect(await counts('llm.0.router.weight')).toEqual({ encoded: 0, read: 8 });
    expect(await counts('encoder.0.router.weight')).toEqual({ encoded: 8, read: 0 });
  });

  it('forget cached features when a segment has changed what entered the encoder', async () => {
    const run = tinyMixedRun([
      mixedSegment({ name: 'behind', learn: behindEncoder, until: { steps: 2 } }),
      mixedSegment({
        name: 'adapters',
        learn: { st: { ...learn, select: 'adapters' } },
        until: { steps: 2 },
      }),
      mixedSegment({ name: 'again', learn: behindEncoder, until: { steps: 2 } }),
    ]);
    const { segments, featureCache } = await trainPlan(run.options);
    expect(segments.map(({ features }) => features)).toEqual(['cached', 'computed', 'cached']);
    expect(featureCache.encoded).toBe(16);
    run.dispose();
  });

  it('refuse to be resumed with other text lengths', async () => {
    const checkpoints = createCheckpointFolder(folder);
    const first = tinyMixedRun([mixedSegment({ until: { steps: 1 } })], { checkpoints });
    await trainPlan(first.options);
    first.dispose();
    const options = { checkpoints, resume: true, textLengths: [12] };
    const other = tinyMixedRun([mixedSegment({ until: { steps: 1 } })], options);
    await expect(trainPlan(other.options)).rejects.toMatchObject({ code: 'invalid-config' });
    other.dispose();
  });

  it('may be text alone', async () => {
    const rows = tinyMixedRows('train', 6).filter(({ picture }) => !picture);
    const dataset: Dataset = { name: 'texts', splits: ['train'], split: () => rows, notes: [] };
    for (const make of [tinyMixedRun, tinyRun]) {
      const segment = mixedSegment({ learn: { llm: learn }, until: { steps: 40 } });
      const run = make([segment], { dataset });
      const [done] = (await trainPlan(run.options)).segments;
      expect(done!.lastLoss).toBeLessThan(done!.firstLoss * 0.6);
      run.dispose();
    }
  });
});
