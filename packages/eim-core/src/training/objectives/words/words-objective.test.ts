import type { EncodedImages, Tensor3D } from '@eim/contracts/model';
import { createRandomStream, startEngine } from '@eim/engine';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { checkGradients } from '../../../testing/check-gradients.js';
import { trainPlan } from '../../run/train-plan.js';
import { tinyMixedRun, tinyRun, tinySegment } from '../../test-support/tiny-run.js';
import { CaptionWords } from '../../word-probe/caption-words.js';
import { meanShares, shareWords, wordTargets } from './word-targets.js';
import { WordsHead } from './words-head.js';

beforeAll(() => startEngine({ engine: 'cpu' }));

const random = createRandomStream('head');
const captions = [['a red dog'], ['a blue dog'], ['a red cat'], ['a cat, a blue cat']];
const rowsOf = (answers: readonly (readonly string[])[]) =>
  answers.map((said, index) => ({ id: `${index}`, prompt: '', answers: said, picture: {} as never }));

describe('the words of pictures', () => {
  const words = new CaptionWords(captions, { minimumCount: 1 });

  it('have shares of sum 1; what is said of all pictures has none', () => {
    const shares = shareWords(words, ['a red red dog']);
    expect(shares[0]).toBe(0); // a
    const [blue, cat, dog, red] = shares.subarray(1);
    expect([blue, cat]).toEqual([0, 0]);
    expect(red).toBeCloseTo(2 / 3, 6);
    expect(dog).toBeCloseTo(1 / 3, 6);
    const mean = meanShares(words, rowsOf(captions));
    expect(mean.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 6);
  });

  it('are those of all rows that show it; filling, text alone and unknown words tell nothing', async () => {
    const rows = rowsOf([...captions, ['zebra'], ['a red dog']]);
    const batch = {
      rowCount: 6,
      pictureCount: 4,
      ids: tf.zeros([6, 2], 'int32'),
      // the fourth row is filling, the last text alone
      mask: tf.tensor2d([1, 1, 1, 1, 1, 1, 0, 0, 1, 1, 1, 1], [6, 2]),
      rowIndices: tf.tensor1d([0, 2, 1, 3, 4, 5], 'int32'),
      rowPictures: tf.tensor1d([0, 0, 1, 1, 2, 3], 'int32'),
      modality: tf.tensor1d([1, 1, 1, 1, 1, 0], 'int32'),
    };
    const { shares, told } = await wordTargets(words, rows, batch as never);
    expect([...told]).toEqual([1, 1, 0, 0]);
    const of = (picture: number) => shares.subarray(picture * words.size, (picture + 1) * words.size);
    expect(of(0)).toEqual(shareWords(words, ['a red dog', 'a red cat']));
    expect(of(1)).toEqual(shareWords(words, ['a blue dog']));
    expect([...of(2), ...of(3)].every((share) => share === 0)).toBe(true);
  });
});

describe('the head', () => {
  const encoder = { pooledSize: 3, tokenSize: 4 };
  const shares = Float32Array.of(0.5, 0.3, 0.2);

  it.each(['pooled', 'tokens'] as const)('starts from the shares, whatever %s are', async (reads) => {
    const head = new WordsHead({ st: { reads: [reads] }, encoder, shares, random });
    expect(head.reads).toBe(reads);
    const [weight] = head.parameters();
    weight!.variable.assign(tf.zerosLike(weight!.variable));
    const features = { pooled: tf.randomNormal([2, 3]), tokens: tf.randomNormal([2, 5, 4]) } as EncodedImages;
    const told = await tf.softmax(head.logits(features)).array();
    for (const row of told) row.forEach((share, word) => void expect(share).toBeCloseTo(shares[word]!, 5));
  });

  it('sees a word in any token, with the right gradient', async () => {
    const head = new WordsHead({ st: { reads: ['tokens'] }, encoder, shares, random });
    const tokens = tf.variable(tf.randomNormal([2, 5, 4], 0, 1, 'float32', 3)) as unknown as Tensor3D;
    const read = { name: 'tokens', variable: tokens as never, role: 'weight', depth: 0 } as const;
    await checkGradients([...head.parameters(), read], () => [head.logits({ tokens })]);
  });
});

describe('a segment of words', () => {
  const learn = { encoder: { select: 'full', learningRate: 0.02 } } as const;
  const objective = { use: 'words', options: { minimumCount: 2 } };
  const byLoss = { metric: 'loss', split: 'val', direction: 'min' } as const;
  const byProbe = { metric: 'word-probe', split: 'val', direction: 'max' } as const;

  it.each([
    ['captions', tinyRun, byLoss],
    ['questions and text', tinyMixedRun, byLoss],
    ['captions, by the word probe', tinyRun, byProbe],
  ] as const)('tells more than guessing after it, on %s', async (_, start, gate) => {
    const run = start([tinySegment({ learn, objective, gate, until: { steps: 120 }, batchSize: 8 })]);
    const tensors = tf.memory().numTensors;
    const { segments } = await trainPlan(run.options);
    expect(tf.memory().numTensors).toBe(tensors);
    expect(segments[0]!.gate!.kept).toBe(true);
    expect(segments[0]!.gate!.after).not.toBe(segments[0]!.gate!.before);
    expect(segments[0]!.lastLoss).toBeLessThan(segments[0]!.firstLoss - 0.1);
    run.dispose();
  });

  it('may be told by the slots of the ST, at the price of little more than the encoder', async () => {
    const st = { st: { select: 'full', learningRate: 0.02 } } as const;
    const slots = { use: 'slot-words', options: { minimumCount: 2 } };
    const run = tinyRun([tinySegment({ learn: st, objective: slots, gate: byLoss, until: { steps: 120 } })]);
    const tensors = tf.memory().numTensors;
    const { segments } = await trainPlan(run.options);
    expect(tf.memory().numTensors).toBe(tensors);
    expect(segments[0]!.gate!.kept).toBe(true);
    expect(segments[0]!.lastLoss).toBeLessThan(segments[0]!.firstLoss - 0.1);
    run.dispose();
  });

  it('is refused where no word is frequent enough', async () => {
    const run = tinyRun([
      tinySegment({ learn, objective: { use: 'words', options: { minimumCount: 100 } } }),
    ]);
    await expect(trainPlan(run.options)).rejects.toThrow(/No word occurs in the captions of 100 pictures/);
    run.dispose();
  });

  it('beside a caption loss is the same step with the same shape, and counts its own parameters', async () => {
    const beside = { use: 'caption', auxiliary: [{ ...objective, weight: 0.3 }] };
    const run = tinyRun([tinySegment({ objective: beside, until: { steps: 4 } })]);
    const tensors = tf.memory().numTensors;
    const { segments } = await trainPlan(run.options);
    expect(tf.memory().numTensors).toBe(tensors);
    expect(segments[0]).toMatchObject({ objective: 'caption+words' });
    expect(segments[0]!.trainable.objective).toBeGreaterThan(0);
    run.dispose();
  });
});
