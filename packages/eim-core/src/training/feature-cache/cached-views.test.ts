import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRandomStream, startEngine } from '@eim/engine';
import { memory } from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { disposeFeatures } from '../../compose/features.js';
import { createCheckpointFolder } from '../../node/checkpoints/checkpoint-folder.js';
import { createFeatureFolder } from '../../node/feature-cache/feature-folder.js';
import { createSpillFolder } from '../../node/feature-cache/spill-folder.js';
import { parsePlan } from '../../plan/parse-plan.js';
import type { SegmentInput } from '../../plan/segment-schema.js';
import { planMultiplyAdds } from '../budget/plan-multiply-adds.js';
import { disposeBatch } from '../data/batch-tensors.js';
import { TrainingBatches } from '../data/training-batches.js';
import { SegmentSplits } from '../run/segment-splits.js';
import { trainPlan } from '../run/train-plan.js';
import { TrainingEnvironment } from '../run/training-environment.js';
import { tinyMixedRun, tinyRun, tinySegment } from '../test-support/tiny-run.js';

beforeAll(() => startEngine({ engine: 'cpu' }));

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'eim-views-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const augment: ['quarter-turns', 'colour-jitter'] = ['quarter-turns', 'colour-jitter'];
const learn = { st: { select: 'full', learningRate: 0.01 } } as const;
/** 24 pictures, in views. */
const viewed = (cachedViews: number, changes: Partial<SegmentInput> = {}): SegmentInput =>
  tinySegment({ learn, data: { split: 'train', augment, cachedViews }, ...changes });

/** The pooled vectors of all views of the training pictures, as a run of a seed has them: `[views][picture]`. */
async function viewsOf(seed: number, count: number): Promise<number[][][]> {
  const run = tinyRun([viewed(count)], { seed });
  const environment = await TrainingEnvironment.create(run.options);
  const [segment] = run.options.plan.segments;
  const objective = await environment.objective(segment!, environment.random);
  const { images } = await new SegmentSplits(environment, segment!, objective).training();
  const source = images && 'features' in images ? images.features : undefined;
  expect(source!.viewCount).toBe(count);
  const pictures = [...new Array(24).keys()];
  const all: number[][][] = [];
  for (let view = 0; view < count; view += 1) {
    const features = await source!.gather(
      pictures,
      24,
      pictures.map(() => view),
    );
    all.push(features.pooled!.arraySync());
    disposeFeatures(features);
  }
  await environment.close();
  run.dispose();
  return all;
}

describe('cached views', () => {
  it('are each encoded once before the segment, and held-out pictures as they are', async () => {
    const gate = { metric: 'loss', split: 'val', direction: 'min' } as const;
    const run = tinyRun([viewed(3, { gate, until: { epochs: 4 } })]);
    const told: [number, number][] = [];
    const cost = await planMultiplyAdds(run.options);
    const tensors = memory().numTensors;
    const { segments, featureCache } = await trainPlan({
      ...run.options,
      onProgress: ({ phase, step, steps }) => {
        if (phase === 'encode') told.push([step, steps]);
      },
    });
    expect(memory().numTensors).toBe(tensors);
    expect(segments[0]!.features).toBe('cached');
    expect(featureCache.encoded).toBe(3 * 24 + 12);
    expect(told.slice(0, 3)).toEqual([
      [24, 72],
      [48, 72],
      [72, 72],
    ]);
    expect(cost.segments[0]).toMatchObject({
      encodedPictures: 72,
      encoding: segments[0]!.multiplyAdds.encoding,
    });
    run.dispose();
  });

  it('differ from each other, and are the same for every segment and run of a seed', async () => {
    const two = await viewsOf(7, 2);
    const three = await viewsOf(7, 3);
    expect(three.slice(0, 2)).toEqual(two);
    expect(two[0]).not.toEqual(two[1]);
    expect(three[2]).not.toEqual(three[1]);
    expect(await viewsOf(8, 2)).not.toEqual(two);
  });

  it('are drawn by each step for each of its pictures, from the batch alone', async () => {
    const run = tinyRun([viewed(4)]);
    const environment = await TrainingEnvironment.create(run.options);
    const [segment] = run.options.plan.segments;
    const objective = await environment.objective(segment!, environment.random);
    const data = await new SegmentSplits(environment, segment!, objective).training();
    const all = await viewsOf(7, 4);
    const seen = new Map<number, Set<number>>();
    const batches = () =>
      new TrainingBatches(data, {
        batchSize: 6,
        captionsPerPicture: 1,
        augment,
        random: createRandomStream(3),
        state: undefined,
      });
    const [first, again] = [batches(), batches()];
    for (let step = 0; step < 40; step += 1) {
      const [one, two] = [await first.next(), await again.next()];
      const pooled = one.batch.features!.pooled!.arraySync();
      expect(two.batch.features!.pooled!.arraySync()).toEqual(pooled);
      const rows = one.batch.rowIndices.arraySync();
      const drawn = pooled.map((vector, slot) => {
        const view = all.findIndex((pictures) => String(pictures[rows[slot]!]) === String(vector));
        expect(view).toBeGreaterThanOrEqual(0);
        seen.set(rows[slot]!, (seen.get(rows[slot]!) ?? new Set()).add(view));
        return view;
      });
      expect(drawn).toHaveLength(6);
      for (const { batch } of [one, two]) disposeBatch(batch);
    }
    // 10 draws a picture: views that look alike are told as the first of them.
    expect([...seen.values()].filter((views) => views.size > 1).length).toBeGreaterThan(20);
    await environment.close();
    run.dispose();
  });

  it('are shared between segments and, in a store, between runs', async () => {
    const featureCache = createFeatureFolder(folder);
    const until = { steps: 2 };
    const segments = [viewed(2, { until }), viewed(4, { name: 'more', until })];
    const countsOf = async (plan: readonly SegmentInput[], seed = 7) => {
      const run = tinyRun(plan, { featureCache, seed });
      const cost = await planMultiplyAdds(run.options);
      const result = await trainPlan(run.options);
      expect(result.segments.map(({ multiplyAdds }) => multiplyAdds.encoding)).toEqual(
        cost.segments.map(({ encoding }) => encoding),
      );
      run.dispose();
      const { encoded, read } = result.featureCache;
      return [encoded, read];
    };
    expect(await countsOf(segments)).toEqual([4 * 24, 0]);
    expect(await countsOf(segments)).toEqual([0, 4 * 24]);
    expect(await countsOf([viewed(5, { until })])).toEqual([24, 4 * 24]);
    const turned = { split: 'train', augment: ['quarter-turns' as const], cachedViews: 2 };
    expect(await countsOf([viewed(2, { until, data: turned })])).toEqual([2 * 24, 0]);
    expect(await countsOf(segments, 8)).toEqual([4 * 24, 0]);
  });

  it('end with the very weights of an uninterrupted run when resumed, and with bounded memory', async () => {
    const segments = [viewed(3, { until: { steps: 6 } })];
    const whole = tinyRun(segments);
    await trainPlan(whole.options);
    const checkpoints = createCheckpointFolder(join(folder, 'checkpoints'));
    const small = { pictureMemory: 300, openSpillFile: createSpillFolder(join(folder, 'spilt')) };
    const cut = tinyRun(segments, { checkpoints, ...small });
    const controller = new AbortController();
    const stopped = trainPlan({
      ...cut.options,
      signal: controller.signal,
      onProgress: ({ phase, step }) => {
        if (phase === 'train' && step === 3) controller.abort();
      },
    });
    await expect(stopped).rejects.toMatchObject({ code: 'interrupted' });
    cut.dispose();
    const rest = tinyRun(segments, { checkpoints, resume: true });
    await trainPlan(rest.options);
    expect(rest.weights()).toEqual(whole.weights());
    rest.dispose();
    whole.dispose();
  });
});

describe('cached views that cannot be', () => {
  const mistakes = (changes: object) => {
    try {
      parsePlan({ segments: [{ ...viewed(4), ...changes }] });
    } catch (error) {
      return (error as { data: { issues: unknown } }).data.issues;
    }
    return [];
  };

  it('are mistakes in the plan', () => {
    expect(mistakes({})).toEqual([]);
    expect(mistakes({ data: { split: 'train', cachedViews: 4 } })).toMatchObject([
      { path: 'segments.0.data.cachedViews', message: expect.stringContaining('augment') },
    ]);
    expect(mistakes({ data: { split: 'train', augment, cachedViews: 0 } })).toMatchObject([
      { path: 'segments.0.data.cachedViews' },
    ]);
    const all = { encoder: { select: 'full', learningRate: 0.1 } };
    expect(mistakes({ learn: all })).toMatchObject([
      { path: 'segments.0.data.cachedViews', message: expect.stringContaining('frozen encoder') },
    ]);
  });

  it.each([
    [{ encoder: { select: 'norms-and-biases', learningRate: 0.1 } }, 'caption', /its encoder learns/],
    [{ llm: { select: 'full', learningRate: 0.1 } }, 'language', /'language' looks at no pictures/],
  ] as const)('are refused before anything is trained or counted: %j, %s', async (parts, objective, why) => {
    const run = tinyRun([tinySegment({ name: 'first' }), viewed(4, { learn: parts, objective })]);
    const before = run.weights();
    for (const refuse of [trainPlan, planMultiplyAdds]) {
      await expect(refuse(run.options)).rejects.toMatchObject({
        code: 'invalid-config',
        message: expect.stringMatching(why),
        data: { segment: 'joint', cachedViews: 4 },
      });
    }
    expect(run.weights()).toEqual(before);
    run.dispose();
  });

  it('are refused where what the ST puts into the encoder learns', async () => {
    const run = tinyMixedRun([viewed(2, { captionsPerPicture: 1 })]);
    await expect(trainPlan(run.options)).rejects.toThrow(/what its ST puts into the encoder learns/);
    run.dispose();
  });
});
