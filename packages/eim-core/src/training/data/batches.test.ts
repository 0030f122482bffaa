import { createRandomStream, startEngine } from '@eim/engine';
import { memory } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { createTinyTokenizer } from '../../testing/tiny-parts/tiny-tokenizer.js';
import { TINY_WORDS, tinyDataset, tinyPreprocess } from '../test-support/tiny-dataset.js';
import { augmentBytes } from './augmentation/augment-bytes.js';
import { disposeBatch } from './batch-tensors.js';
import { buildBatch } from './build-batch.js';
import { tokeniseCaptions } from './caption-rows.js';
import { drawCaptions } from './draw-captions.js';
import { evaluationBatches } from './evaluation-batches.js';
import { PixelStore } from './pixel-store.js';
import type { SplitData } from './split-data.js';
import { TrainingBatches } from './training-batches.js';

beforeAll(() => startEngine({ engine: 'cpu' }));

const tokenizer = createTinyTokenizer(TINY_WORDS);
const pictures = tinyDataset({ train: 10 }).split('train');
const captions = tokeniseCaptions(pictures, tokenizer);
const preprocessing = {
  imageSize: 4,
  resize: 'stretch',
  filter: 'bilinear',
  cropRounding: 'floor',
  mean: [0, 0, 0],
  standardDeviation: [1, 1, 1],
} as const;
const data: SplitData = {
  pictures,
  captions,
  padId: 0,
  images: { pixels: new PixelStore(tinyPreprocess, preprocessing) },
};

describe('tokeniseCaptions', () => {
  it('puts begin and end around each caption, and measures the split', () => {
    // 'a bright red square': a 4, bright 9, red 5, square 8.
    expect(Array.from(captions.rows[0]![0]!)).toEqual([1, 4, 9, 5, 8, 2]);
    expect(captions).toMatchObject({ textLength: 6, firstTarget: 1, captionCount: 19, truncated: 0 });
  });

  it('cuts and counts what is too long, and keeps the end', () => {
    const cut = tokeniseCaptions(pictures, tokenizer, { maxTokens: 5 });
    expect(Array.from(cut.rows[0]![0]!)).toEqual([1, 4, 9, 5, 2]);
    expect(cut).toMatchObject({ textLength: 5, truncated: 13 });
    expect(() => tokeniseCaptions(pictures, tokenizer, { maxTokens: 2 })).toThrow(/no room/);
  });

  it('starts without a begin token where the family has none, and predicts the first word', () => {
    const bare = { ...tokenizer, specialTokens: { end: 2, pad: 0 } };
    const rows = tokeniseCaptions(pictures, bare);
    expect(Array.from(rows.rows[0]![0]!)).toEqual([4, 9, 5, 8, 2]);
    expect(rows).toMatchObject({ textLength: 5, firstTarget: 0, targets: { mean: captions.targets.mean } });
  });

  it('names a picture without captions', () => {
    const mute = { ...pictures[0]!, captions: [] };
    expect(() => tokeniseCaptions([mute], tokenizer)).toThrow(
      /train-0 \(tiny picture train 0\) has no caption/,
    );
  });
});

describe('buildBatch', () => {
  it('lays out ids, mask and the targets after the begin token', async () => {
    const rows = [Int32Array.from([1, 5, 8, 2]), Int32Array.from([1, 6, 2])];
    const { batch, targetCount, leftOut } = buildBatch({
      rows,
      captionsPerPicture: 2,
      textLength: 5,
      firstTarget: 1,
      targetCapacity: 7,
      padId: 0,
    });
    expect(batch).toMatchObject({ pictureCount: 1, rowCount: 2, captionsPerPicture: 2 });
    expect(await batch.ids.array()).toEqual([
      [1, 5, 8, 2, 0],
      [1, 6, 2, 0, 0],
    ]);
    expect(await batch.mask.array()).toEqual([
      [1, 1, 1, 1, 0],
      [1, 1, 1, 0, 0],
    ]);
    expect(await batch.targetIndices.array()).toEqual([1, 2, 3, 6, 7, 0, 0]);
    expect(await batch.targetWeights.array()).toEqual([1, 1, 1, 1, 1, 0, 0]);
    expect([targetCount, leftOut]).toEqual([5, 0]);
    disposeBatch(batch);
    const small = buildBatch({
      rows,
      captionsPerPicture: 1,
      textLength: 4,
      firstTarget: 1,
      targetCapacity: 3,
      padId: 0,
    });
    expect([small.targetCount, small.leftOut]).toEqual([3, 2]);
    disposeBatch(small.batch);
  });
});

describe('TrainingBatches', () => {
  const options = {
    batchSize: 4,
    captionsPerPicture: 2,
    augment: [],
    random: createRandomStream(5),
  } as const;

  it('never changes a shape and frees what it made', async () => {
    const tensors = memory().numTensors;
    const batches = new TrainingBatches(data, { ...options, state: undefined });
    const shapes = new Set<string>();
    for (let step = 0; step < 8; step += 1) {
      const { batch } = await batches.next();
      shapes.add(
        JSON.stringify([batch.ids, batch.mask, batch.targetIndices, batch.pixels!].map(({ shape }) => shape)),
      );
      disposeBatch(batch);
    }
    expect(shapes.size).toBe(1);
    expect(memory().numTensors).toBe(tensors);
  });

  it('goes on from its state', async () => {
    const idsOf = async (batches: TrainingBatches) => {
      const { batch } = await batches.next();
      const ids = [await batch.ids.array(), await batch.pixels!.array()];
      disposeBatch(batch);
      return ids;
    };
    const augmented = { ...options, augment: ['quarter-turns', 'vertical-flip'] } as const;
    const first = new TrainingBatches(data, { ...augmented, state: undefined });
    for (let step = 0; step < 3; step += 1) await idsOf(first);
    const second = new TrainingBatches(data, { ...augmented, state: first.state });
    for (let step = 0; step < 4; step += 1) expect(await idsOf(second)).toEqual(await idsOf(first));
  });
});

describe('drawCaptions', () => {
  it('takes each caption before any a second time', () => {
    const random = createRandomStream(1);
    expect(drawCaptions(3, 3, random).sort()).toEqual([0, 1, 2]);
    expect(new Set(drawCaptions(5, 2, random)).size).toBe(2);
    expect(drawCaptions(1, 3, random)).toEqual([0, 0, 0]);
  });
});

describe('evaluationBatches', () => {
  it('holds every caption once, filling with empty rows', async () => {
    const tensors = memory().numTensors;
    let [rows, targets, batches] = [0, 0, 0];
    for await (const batch of evaluationBatches(data, 4)) {
      expect(batch).toMatchObject({ pictureCount: 4, captionsPerPicture: 3 });
      const mask = await batch.mask.array();
      rows += mask.filter((row) => row[0] === 1).length;
      for (const weight of await batch.targetWeights.data()) targets += weight;
      batches += 1;
    }
    expect([batches, rows]).toEqual([3, captions.captionCount]);
    expect(targets).toBeCloseTo(captions.captionCount * captions.targets.mean, 6);
    expect(memory().numTensors).toBe(tensors);
  });
});

describe('augmentBytes', () => {
  const bytes = Uint8Array.from([1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4]);
  const seen = (augment: Parameters<typeof augmentBytes>[2]) => {
    const random = createRandomStream(9);
    const all = Array.from({ length: 60 }, () => augmentBytes(bytes, 2, augment, random));
    return [...new Set(all.map((picture) => [0, 3, 6, 9].map((at) => picture[at]).join('')))].sort();
  };

  it('flips and turns whole pixels and leaves the original alone', () => {
    expect(seen(['horizontal-flip'])).toEqual(['1234', '2143']);
    expect(seen(['vertical-flip'])).toEqual(['1234', '3412']);
    expect(seen(['quarter-turns'])).toEqual(['1234', '2413', '3142', '4321']);
    expect(seen(['horizontal-flip', 'quarter-turns'])).toHaveLength(8);
    expect(Array.from(bytes)).toEqual([1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4]);
  });
});
