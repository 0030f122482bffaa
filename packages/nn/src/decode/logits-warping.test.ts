import fc from 'fast-check';
import { expect, test } from 'vitest';
import { penaliseRepetition, warpLogits } from './logits-warping.js';

const scoresOf = (values: readonly number[]): Float32Array => Float32Array.from(values);
const left = (scores: Float32Array): number[] =>
  Array.from(scores.keys()).filter((id) => scores[id]! > -Infinity);

test('repetition: scores above 0 are divided, others multiplied, once however often an id came', () => {
  const scores = scoresOf([2, -2, 1, 0.5]);
  penaliseRepetition(scores, [0, 1, 1], 2);
  expect([...scores]).toEqual([1, -4, 1, 0.5]);
  // what float32 makes of the penalty counts, as in the original
  const one = scoresOf([1]);
  penaliseRepetition(one, [0], 1.3);
  expect(one[0]).toBe(Math.fround(1 / Math.fround(1.3)));
});

test('top-k keeps the k greatest and what equals the last of them', () => {
  const scores = scoresOf([1, 3, 2, 2, 0]);
  warpLogits(scores, { topK: 2 });
  expect(left(scores)).toEqual([1, 2, 3]);
});

test('top-p keeps the fewest ids that reach the mass', () => {
  const scores = scoresOf([0.5, 0.3, 0.15, 0.05].map(Math.log));
  const after = (topP: number): number[] => {
    const copy = scores.slice();
    warpLogits(copy, { topP });
    return left(copy);
  };
  expect(after(0.45)).toEqual([0]);
  expect(after(0.7)).toEqual([0, 1]);
  expect(after(0.81)).toEqual([0, 1, 2]);
  expect(after(1)).toEqual([0, 1, 2, 3]);
});

test('temperature divides', () => {
  const scores = scoresOf([1, 2]);
  warpLogits(scores, { temperature: 0.5 });
  expect([...scores]).toEqual([2, 4]);
});

test('the greatest score is never cut', () => {
  const numbers = fc.array(fc.float({ min: -20, max: 20, noNaN: true }), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(
      numbers,
      fc.integer({ min: 1, max: 30 }),
      fc.double({ min: 0.001, max: 1, noNaN: true }),
      (values, topK, topP) => {
        const scores = scoresOf(values);
        const greatest = scores.indexOf(Math.max(...scores));
        warpLogits(scores, { topK, topP });
        return scores[greatest]! > -Infinity && left(scores).length >= 1;
      },
    ),
  );
});
