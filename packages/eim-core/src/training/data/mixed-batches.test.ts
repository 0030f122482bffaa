import type { DatasetMixture, Row } from '@eim/contracts';
import type { Batch } from '@eim/contracts/model';
import { createRandomStream, startEngine } from '@eim/engine';
import { memory } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { createTinyTokenizer } from '../../testing/tiny-parts/tiny-tokenizer.js';
import { TINY_WORDS, tinyPreprocess } from '../test-support/tiny-dataset.js';
import { TINY_MIXED_WORDS, tinyMixedRows } from '../test-support/tiny-rows.js';
import { batchTensors, disposeBatch } from './batch-tensors.js';
import { evaluationBatches } from './evaluation-batches.js';
import { MemoryBudget } from './memory-budget.js';
import { PixelStore } from './pixel-store.js';
import { findRowPictures } from './row-pictures.js';
import type { SplitData } from './split-data.js';
import { tokeniseRows } from './tokenised-rows.js';
import { TrainingBatches, type TrainingBatchesOptions } from './training-batches.js';

beforeAll(() => startEngine({ engine: 'cpu' }));

const tokenizer = createTinyTokenizer([...TINY_WORDS, ...TINY_MIXED_WORDS]);
const preprocessing = {
  imageSize: 4,
  resize: 'stretch',
  filter: 'bilinear',
  cropRounding: 'floor',
  mean: [0, 0, 0],
  standardDeviation: [1, 1, 1],
} as const;
/** 8 pictures, each shown by two rows, and 8 rows of text; at most 9, 12 or 13 tokens. */
const rows = tinyMixedRows('train', 8);

function splitOf(given: readonly Row[], mixture?: DatasetMixture): SplitData {
  return {
    rows: given,
    texts: tokeniseRows(given, tokenizer, { lengths: [7, 9, 12] }),
    pictures: findRowPictures(given),
    mixture,
    padId: 0,
    images: { pixels: new PixelStore(tinyPreprocess, preprocessing, new MemoryBudget(2 ** 20)) },
  };
}

const options: TrainingBatchesOptions = {
  batchSize: 4,
  captionsPerPicture: 1,
  augment: [],
  random: createRandomStream(5),
  state: undefined,
};

/** What a row of a batch says and shows, in words. */
async function readRows(batch: Batch, given: readonly Row[]) {
  const [ids, mask, promptMask] = await Promise.all(
    [batch.ids, batch.mask, batch.promptMask!].map((tensor) => tensor.array()),
  );
  const [indices, weights, rowIndices, rowPictures] = await Promise.all(
    [batch.targetIndices, batch.targetWeights, batch.rowIndices, batch.rowPictures!].map((t) => t.array()),
  );
  const modality = await batch.modality?.array();
  const pixels = await batch.pixels!.array();
  const length = batch.ids.shape[1];
  const targets = indices!.filter((_, place) => weights![place] === 1);
  return ids!.map((row, place) => ({
    row: given[rowIndices![place]!]!,
    real: row.filter((_, at) => mask![place]![at] === 1),
    prompt: row.filter((_, at) => promptMask![place]![at] === 1),
    targets: targets.filter((at) => Math.floor(at / length) === place).map((at) => row[at % length]!),
    pixels: modality?.[place] === 0 ? undefined : pixels[rowPictures![place]!],
  }));
}

describe('TrainingBatches of mixed rows', () => {
  it('says what each row says: the prompt is read, the answer and its end are predicted', async () => {
    const batches = new TrainingBatches(splitOf(rows), options);
    const shownBy = new Map<string, unknown>();
    let [texts, pictures] = [0, 0];
    for (let step = 0; step < 6; step += 1) {
      const { batch, leftOut } = await batches.next();
      expect(leftOut).toBe(0);
      for (const { row, real, prompt, targets, pixels } of await readRows(batch, rows)) {
        const asked = tokenizer.encode(row.prompt);
        const answer = tokenizer.encode(row.answers[0]!);
        expect(real).toEqual([1, ...asked, ...answer, 2]);
        expect(prompt).toEqual(asked);
        expect(targets).toEqual([...answer, 2]);
        expect(pixels === undefined).toBe(row.picture === undefined);
        if (!row.picture) {
          texts += 1;
          continue;
        }
        pictures += 1;
        const values = await row.picture.load();
        expect(pixels!.flat(2).map((value) => Math.round(value * 255))).toEqual([...values.data]);
        shownBy.set(row.picture.fingerprint, pixels);
      }
      disposeBatch(batch);
    }
    // One epoch of 24 rows.
    expect([texts, pictures, shownBy.size]).toEqual([8, 16, 8]);
  });

  it('has few shapes: one for each text length, and batches of one length as far as they go round', async () => {
    const data = splitOf(rows);
    expect(data.texts.lengths.map(({ length }) => length)).toEqual([7, 9, 12]);
    const tensors = memory().numTensors;
    const batches = new TrainingBatches(data, options);
    const shapes = new Map<number, Set<string>>();
    for (let step = 0; step < 24; step += 1) {
      const { batch } = await batches.next();
      const length = batch.ids.shape[1];
      const named = Object.entries(batchTensors(batch)).map(([name, { shape }]) => `${name} ${shape}`);
      shapes.set(length, (shapes.get(length) ?? new Set()).add(named.join(';')));
      expect(batch).toMatchObject({ rowCount: 4, pictureCount: 4 });
      disposeBatch(batch);
    }
    expect([...shapes.keys()].sort((a, b) => a - b)).toEqual([7, 9, 12]);
    for (const found of shapes.values()) expect(found.size).toBe(1);
    expect(memory().numTensors).toBe(tensors);
  });

  it('encodes a picture once that several rows of a batch show', async () => {
    const shared = rows.filter(({ picture }) => picture);
    const batches = new TrainingBatches(splitOf(shared), { ...options, batchSize: 16 });
    const { batch } = await batches.next();
    expect(batch.pictureCount).toBe(8);
    expect(batch.rowsPerPicture).toBeUndefined();
    expect(batch.modality).toBeUndefined();
    const places = await batch.rowPictures!.array();
    expect(new Set(places).size).toBe(8);
    const neighbours = places.filter((place, row) => place === places[row + 1]);
    expect(neighbours.length).toBeLessThan(8);
    expect(await batch.pictureMask!.array()).toEqual(new Array(8).fill(1));
    disposeBatch(batch);
  });

  it('goes on from its state in the middle of an epoch, also with another batch size', async () => {
    const idsOf = async (batches: TrainingBatches) => {
      const { batch } = await batches.next();
      const found = [await batch.rowIndices.array(), await batch.ids.array()];
      disposeBatch(batch);
      return found;
    };
    const first = new TrainingBatches(splitOf(rows), options);
    for (let step = 0; step < 2; step += 1) await idsOf(first);
    for (const batchSize of [4, 5]) {
      const state = JSON.parse(JSON.stringify(first.state));
      const one = new TrainingBatches(splitOf(rows), { ...options, batchSize, state: first.state });
      const two = new TrainingBatches(splitOf(rows), { ...options, batchSize, state });
      const seen: number[] = [];
      for (let step = 0; step < 12; step += 1) {
        const [indices, ids] = await idsOf(one);
        expect(await idsOf(two)).toEqual([indices, ids]);
        seen.push(...(indices as number[]));
      }
      // What was left of the epoch: 16 of 24 rows.
      expect(new Set(seen.slice(0, 16)).size).toBe(16);
    }
  });

  it('fills places for pictures that a batch does not need', async () => {
    const mostlyText = [...rows.filter(({ picture }) => !picture), ...rows.slice(0, 3)];
    const batches = new TrainingBatches(splitOf(mostlyText), options);
    const filling = new Set<number>();
    for (let step = 0; step < 6; step += 1) {
      const { batch } = await batches.next();
      const mask = await batch.pictureMask!.array();
      const modality = await batch.modality!.array();
      expect(batch.pictureCount).toBe(3);
      const shown = new Set((await batch.rowPictures!.array()).filter((_, row) => modality[row] === 1)).size;
      expect(mask.filter((real) => real === 1)).toHaveLength(shown);
      const pixels = await batch.pixels!.array();
      for (const [place, real] of mask.entries())
        expect(pixels[place]!.flat(2).some((value) => value !== 0)).toBe(real === 1);
      filling.add(3 - shown);
      disposeBatch(batch);
    }
    expect(filling.size).toBeGreaterThan(1);
  });

  it('may show a row twice in a batch where a mixture draws it so', async () => {
    const parts = [
      { name: 'few', start: 0, count: 2, weight: 3 },
      { name: 'many', start: 2, count: 22, weight: 1 },
    ];
    const batches = new TrainingBatches(splitOf(rows, { order: 'mixed', parts }), options);
    const few: number[] = [];
    for (let step = 0; step < 6; step += 1) {
      const { batch } = await batches.next();
      few.push(...(await batch.rowIndices.array()).filter((row) => row < 2));
      disposeBatch(batch);
    }
    expect(few).toHaveLength(18);
  });
});

describe('evaluationBatches of mixed rows', () => {
  it('holds every row once; what is filling has neither tokens, weight nor picture', async () => {
    const tensors = memory().numTensors;
    const data = splitOf(rows);
    const seen: string[] = [];
    for await (const batch of evaluationBatches(data, 10)) {
      expect(batch).toMatchObject({ rowCount: 10, pictureCount: 8 });
      for (const { row, real, targets } of await readRows(batch, rows)) {
        if (real.length > 0) seen.push(row.id);
        else expect(targets).toEqual([]);
      }
      const mask = await batch.mask.array();
      const rowIndices = await batch.rowIndices.array();
      for (const [place, index] of rowIndices.entries()) if (mask[place]![0] === 0) expect(index).toBe(0);
    }
    expect(seen).toEqual(rows.map(({ id }) => id));
    expect(memory().numTensors).toBe(tensors);
  });
});
