import type { Batch } from '@eim/contracts/model';
import { createRandomStream, startEngine } from '@eim/engine';
import { argMax, memory, tidy } from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { disposeBatch } from '../../data/batch-tensors.js';
import { firstBatch } from '../../test-support/first-batch.js';
import { tinyMixedRun, tinyRun, tinySegment } from '../../test-support/tiny-run.js';
import { predictAnswers } from '../caption-objective.js';
import { answerBatch } from '../self-critical/answer-batch.js';
import { RowTexts } from './row-texts.js';
import { firstTargetOf, withGivenTexts } from './with-given-texts.js';

beforeAll(() => startEngine({ engine: 'cpu' }));

const context = { training: false, random: createRandomStream(1) };

it.each([
  ['captions', tinyRun],
  ['questions and text', tinyMixedRun],
] as const)('greedy answers are the likeliest tokens where they stand as targets: %s', async (_, start) => {
  const run = start([tinySegment()]);
  const { model, options } = run;
  const tensors = memory().numTensors;
  const { batch } = await firstBatch(run);
  const first = firstTargetOf(model, options);
  const texts = await RowTexts.of(batch, first);
  const { length } = texts;
  const decoding = { length, maxNewTokens: undefined, tokenizer: options.tokenizer };
  const answers = await answerBatch(model, batch, texts.rows, decoding);
  for (const [at, row] of texts.rows.entries()) texts.replace(row, answers[at]!.ids, 1);
  const given: Batch = { ...batch, prepared: { ...texts.tensors() } };
  const [likeliest, targets, weights] = tidy(() => {
    const { logits, targets, weights } = predictAnswers(model, withGivenTexts(given, first), context);
    return [argMax(logits, 1), targets, weights] as const;
  });
  const [said, wanted, counts] = [await likeliest.data(), await targets.data(), await weights.data()];
  expect(counts.filter(Boolean)).toHaveLength(answers.reduce((sum, { ids }) => sum + ids.length, 0));
  const onlyTargets = (values: ArrayLike<number>) => Array.from(values).filter((_, index) => counts[index]);
  expect(onlyTargets(said)).toEqual(onlyTargets(wanted));
  for (const tensor of [likeliest, targets, weights]) tensor.dispose();
  disposeBatch(given);
  expect(memory().numTensors).toBe(tensors);
  run.dispose();
});

it.each([
  ['captions', tinyRun],
  ['questions and text', tinyMixedRun],
] as const)('texts that nothing replaces stay the targets that they were: %s', async (_, start) => {
  const run = start([tinySegment()]);
  const { batch } = await firstBatch(run);
  const first = firstTargetOf(run.model, run.options);
  const texts = await RowTexts.of(batch, first);
  expect(texts.rows.length).toBeGreaterThan(1);
  const given: Batch = { ...batch, prepared: { ...texts.tensors() } };
  const targetsOf = async ({ ids, targetIndices, targetWeights }: Batch) => {
    const [all, indices, weights] = [
      await ids.data(),
      await targetIndices.data(),
      await targetWeights.data(),
    ];
    return Array.from(indices)
      .filter((_, target) => weights[target] === 1)
      .map((index) => [index, all[index]]);
  };
  const same = withGivenTexts(given, first);
  expect(await targetsOf(same)).toEqual(await targetsOf(batch));
  same.targetIndices.dispose();
  same.targetWeights.dispose();
  disposeBatch(given);
  run.dispose();
});
