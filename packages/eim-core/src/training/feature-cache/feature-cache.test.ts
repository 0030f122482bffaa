import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ModelParts } from '@eim/contracts/model';
import { startEngine } from '@eim/engine';
import { memory, mul } from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { disposeFeatures, listFeatures } from '../../compose/features.js';
import { createFeatureFolder } from '../../node/feature-cache/feature-folder.js';
import { MemoryBudget } from '../data/memory-budget.js';
import { PixelStore } from '../data/pixel-store.js';
import { trainPlan } from '../run/train-plan.js';
import { doubleValues } from '../test-support/double-values.js';
import { tinyDataset, tinyPreprocess } from '../test-support/tiny-dataset.js';
import { tinyRun, tinySegment } from '../test-support/tiny-run.js';
import { FeatureCache } from './feature-cache.js';
import type { FeatureTable } from './feature-table.js';

const ENGINE = { name: 'cpu', kernelVersion: '1', threads: 1 };
const learn = { st: { select: 'full', learningRate: 0.01 } } as const;

beforeAll(() => startEngine({ engine: 'cpu' }));

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'eim-features-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Counts the pictures that go through the encoder. */
function countEncoded(model: ModelParts): () => number {
  let pictures = 0;
  const encode = model.encoder.encode.bind(model.encoder);
  model.encoder.encode = (pixels, options) => {
    pictures += pixels.shape[0];
    return encode(pixels, options);
  };
  return () => pictures;
}

/** All numbers of a table. */
async function numbersOf(table: FeatureTable): Promise<number[]> {
  const features = await table.gather([...new Array(table.count).keys()]);
  const numbers = listFeatures(features).flatMap((tensor) => [...tensor.dataSync()]);
  disposeFeatures(features);
  return numbers;
}

describe('FeatureCache', () => {
  const rows = tinyDataset({ train: 40 }).split('train');
  const pictures = rows.map(({ picture }) => picture!);

  const cacheOf = async (model: ModelParts, engine = ENGINE, preprocess = tinyPreprocess) => {
    const budget = new MemoryBudget(2 ** 20);
    const pixels = new PixelStore(preprocess, model.encoder.preprocessing, budget);
    const cache = new FeatureCache(model, pixels, engine, { budget, store: createFeatureFolder(folder) });
    await cache.refresh();
    const tensors = memory().numTensors;
    const table = await cache.table({ split: 'train', pictures, names: ['pooled', 'tokens'] });
    expect(memory().numTensors).toBe(tensors);
    return { table, counts: cache.counts };
  };

  const filesOf = async () =>
    (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.features'));

  it('encodes each picture once, then reads the same numbers from disk at the same recorded cost', async () => {
    const { model, dispose } = tinyRun([tinySegment()]);
    const first = await cacheOf(model);
    expect(first.counts).toMatchObject({ encoded: 40, read: 0, damaged: 0, unwritten: 0 });
    expect(await filesOf()).toHaveLength(2);
    const second = await cacheOf(model);
    expect(second.counts).toMatchObject({ encoded: 0, read: 40, multiplyAdds: first.counts.multiplyAdds });
    expect(await numbersOf(second.table)).toEqual(await numbersOf(first.table));
    dispose();
  });

  it('detects a damaged entry and computes it anew', async () => {
    const { model, dispose } = tinyRun([tinySegment()]);
    const first = await cacheOf(model);
    const file = join(folder, (await filesOf())[0]!);
    const bytes = await readFile(file);
    bytes[bytes.length - 3]! ^= 1;
    await writeFile(file, bytes);
    const second = await cacheOf(model);
    expect(second.counts.damaged).toBe(1);
    expect(second.counts.encoded + second.counts.read).toBe(40);
    expect(await numbersOf(second.table)).toEqual(await numbersOf(first.table));
    await writeFile(file, '');
    expect((await cacheOf(model)).counts.damaged).toBe(1);
    expect((await cacheOf(model)).counts.damaged).toBe(0);
    dispose();
  });

  it('has other keys for other weights and other engines', async () => {
    const { model, dispose } = tinyRun([tinySegment()]);
    await cacheOf(model);
    expect((await cacheOf(model, { ...ENGINE, threads: 2 })).counts.read).toBe(0);
    expect((await cacheOf(model, { ...ENGINE, kernelVersion: '2' })).counts.read).toBe(0);
    doubleValues(model.encoder.parameters()[0]!);
    expect((await cacheOf(model)).counts).toMatchObject({ encoded: 40, read: 0 });
    dispose();
  });

  it('has other keys for a model with the same weights that does something else with them, or with pictures', async () => {
    const { model, dispose } = tinyRun([tinySegment()]);
    await cacheOf(model);
    const { encoder } = model;
    const original = encoder.encode.bind(encoder);
    encoder.encode = (pixels, options) => {
      const encoded = original(pixels, options);
      return { ...encoded, pooled: mul(encoded.pooled, 2) };
    };
    expect((await cacheOf(model)).counts).toMatchObject({ encoded: 40, read: 0 });
    expect((await cacheOf(model)).counts).toMatchObject({ encoded: 0, read: 40 });
    encoder.encode = original;
    const brighter = {
      ...tinyPreprocess,
      toValues: (...given: Parameters<typeof tinyPreprocess.toValues>) =>
        tinyPreprocess.toValues(...given).map((value) => Math.min(255, value + 1)),
    };
    expect((await cacheOf(model, ENGINE, brighter)).counts).toMatchObject({ encoded: 40, read: 0 });
    dispose();
  });
});

describe('training with a frozen encoder', () => {
  it('runs the encoder once a picture, not once a caption and epoch', async () => {
    const run = tinyRun([tinySegment({ learn, until: { epochs: 3 } })]);
    const encoded = countEncoded(run.model);
    const result = await trainPlan(run.options);
    expect(result.segments[0]).toMatchObject({ features: 'cached', steps: 12, examples: 144 });
    // One chunk of 32 holds the 24 training pictures; the search for missing kernels adds 2.
    expect(encoded()).toBe(32 + 2);
    run.dispose();
  });

  it('ends as without a cache, to rounding', async () => {
    const cached = tinyRun([tinySegment({ learn })]);
    await trainPlan(cached.options);
    // What an ST that learns puts into the encoder is never cached; this injection is empty.
    const computed = tinyRun([tinySegment({ learn })]);
    computed.model.st.encoderInjection = () => undefined;
    const result = await trainPlan(computed.options);
    expect(result.segments[0]!.features).toBe('computed');
    for (const [name, values] of computed.weights()) {
      const other = cached.weights().get(name)!;
      values.forEach((value, index) => {
        expect(value).toBeCloseTo(other[index]!, 5);
      });
    }
    cached.dispose();
    computed.dispose();
  });

  it('stops while encoding when it is told to', async () => {
    const controller = new AbortController();
    const run = tinyRun([tinySegment({ learn })], { signal: controller.signal });
    const tensors = memory().numTensors;
    controller.abort();
    await expect(trainPlan(run.options)).rejects.toMatchObject({
      code: 'interrupted',
      message: expect.stringContaining("encoded pictures for segment 'joint'"),
    });
    expect(memory().numTensors).toBe(tensors);
    run.dispose();
  });

  it('goes on without a store that cannot be written', async () => {
    const featureCache = {
      read: async () => undefined,
      write: async () => {
        throw new Error('no space left');
      },
    };
    const run = tinyRun([tinySegment({ learn, until: { steps: 2 } })], { featureCache });
    const result = await trainPlan(run.options);
    expect(result).toMatchObject({ steps: 2, featureCache: { encoded: 24, unwritten: 1 } });
    expect(result.notes).toEqual(['1 entries of the feature cache could not be written.']);
    run.dispose();
  });
});
