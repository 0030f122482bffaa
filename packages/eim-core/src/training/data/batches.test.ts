import { createRandomStream, startEngine } from '@eim/engine';
import { memory } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { createTinyTokenizer } from '../../testing/tiny-parts/tiny-tokenizer.js';
import { TINY_WORDS, tinyDataset, tinyPreprocess } from '../test-support/tiny-dataset.js';
import { augmentBytes } from './augmentation/augment-bytes.js';
import { disposeBatch } from './batch-tensors.js';
import { buildBatch } from './build-batch.js';
import { evaluationBatches } from './evaluation-batches.js';
import { MemoryBudget } from './memory-budget.js';
import { PixelStore } from './pixel-store.js';
import { findRowPictures } from './row-pictures.js';
import type { SplitData } from './split-data.js';
import { targetCount } from './text-lengths.js';
import { tokeniseRows } from './tokenised-rows.js';
import { drawAnswers, TrainingBatches } from './training-batches.js';

beforeAll(() => startEngine({ engine: 'cpu' }));

const tokenizer = createTinyTokenizer(TINY_WORDS);
const rows = tinyDataset({ train: 10 }).split('train');
const texts = tokeniseRows(rows, tokenizer);
const targets = texts.rows.flat().reduce((sum, row) => sum + targetCount(row), 0);
const preprocessing = {
  imageSize: 4,
  resize: 'stretch',
  filter: 'bilinear',
  cropRounding: 'floor',
  mean: [0, 0, 0],
  standardDeviation: [1, 1, 1],
} as const;
const data: SplitData = {
  rows,
  texts,
  pictures: findRowPictures(rows),
  padId: 0,
  images: { pixels: new PixelStore(tinyPreprocess, preprocessing, new MemoryBudget(2 ** 20)) },
};

describe('tokeniseRows', () => {
  it('puts begin and end around each answer, and measures the split', () => {
    // 'a bright red square': a 4, bright 9, red 5, square 8.
    expect(Array.from(texts.rows[0]![0]!.ids)).toEqual([1, 4, 9, 5, 8, 2]);
    expect(texts).toMatchObject({ firstTarget: 1, answerCount: 19, truncated: 0, hasPrompts: false });
    expect(texts.lengths).toMatchObject([{ length: 6, mostTargets: 5 }]);
    expect(texts.lengths[0]!.targets.mean).toBeCloseTo(targets / 19, 6);
  });

  it('cuts and counts what is too long, and keeps the end', () => {
    const cut = tokeniseRows(rows, tokenizer, { maxTokens: 5 });
    expect(Array.from(cut.rows[0]![0]!.ids)).toEqual([1, 4, 9, 5, 2]);
    expect(cut).toMatchObject({ truncated: 13, lengths: [{ length: 5 }] });
    expect(() => tokeniseRows(rows, tokenizer, { maxTokens: 2 })).toThrow(/no room/);
  });

  it('starts without a begin token where the family has none, and predicts the first word', () => {
    const bare = tokeniseRows(rows, { ...tokenizer, specialTokens: { end: 2, pad: 0 } });
    const [first] = bare.rows[0]!;
    expect(Array.from(first!.ids)).toEqual([4, 9, 5, 8, 2]);
    expect(first!.supervised).toEqual([0, 5]);
    expect(bare).toMatchObject({
      firstTarget: 0,
      lengths: [{ length: 5, targets: texts.lengths[0]!.targets }],
    });
  });

  it('names a row without answers', () => {
    const mute = { ...rows[0]!, answers: [] };
    expect(() => tokeniseRows([mute], tokenizer)).toThrow(/train-0 \(tiny picture train 0\) has no answer/);
  });
});

describe('buildBatch', () => {
  const row = (ids: number[], index: number) => ({
    index,
    tokens: { ids: Int32Array.from(ids), promptLength: 1, supervised: [1, ids.length], cut: false },
  });
  const contents = {
    rows: [row([1, 5, 8, 2], 3), row([1, 6, 2], 4)],
    pictures: {
      slots: 0,
      chosen: [],
      slotOfRow: Int32Array.from([-1, -1]),
      someTextAlone: false,
      mayHaveFilling: false,
    },
    texts: { hasPrompts: false, firstTarget: 1 } as const,
    padId: 0,
  };

  it('lays out ids, mask and the targets after the begin token', async () => {
    const { batch, ...counts } = buildBatch({ ...contents, textLength: 5, targetCapacity: 7 });
    expect(batch).toMatchObject({ pictureCount: 0, rowCount: 2 });
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
    expect(await batch.rowIndices.array()).toEqual([3, 4]);
    expect(counts).toEqual({ targetCount: 5, leftOut: 0 });
    disposeBatch(batch);
    const small = buildBatch({ ...contents, textLength: 4, targetCapacity: 3 });
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

describe('drawAnswers', () => {
  it('takes each caption before any a second time', () => {
    const random = createRandomStream(1);
    expect(drawAnswers(3, 3, random).sort()).toEqual([0, 1, 2]);
    expect(new Set(drawAnswers(5, 2, random)).size).toBe(2);
    expect(drawAnswers(1, 3, random)).toEqual([0, 0, 0]);
  });
});

describe('evaluationBatches', () => {
  it('holds every answer once, filling with empty rows', async () => {
    const tensors = memory().numTensors;
    let [filled, weights, batches] = [0, 0, 0];
    for await (const batch of evaluationBatches(data, 4)) {
      expect(batch).toMatchObject({ pictureCount: 4, rowCount: 12, rowsPerPicture: 3 });
      const mask = await batch.mask.array();
      filled += mask.filter((row) => row[0] === 1).length;
      for (const weight of await batch.targetWeights.data()) weights += weight;
      batches += 1;
    }
    expect([batches, filled, weights]).toEqual([3, texts.answerCount, targets]);
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
