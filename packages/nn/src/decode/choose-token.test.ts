import { createRandomStream } from '@eim/engine';
import { expect, test } from 'vitest';
import { drawIndex, greatestIndex, greatestIndices, logSoftmax } from './choose-token.js';

test('of equal scores the first is greatest', () => {
  expect(greatestIndex(Float32Array.from([1, 3, 3, 2]))).toBe(1);
  expect(greatestIndex(Float32Array.from([-Infinity, -5]))).toBe(1);
});

test('the greatest some, of equals the first before the others', () => {
  const random = createRandomStream(3);
  for (let trial = 0; trial < 200; trial++) {
    const scores = Float32Array.from({ length: 1 + random.integer(12) }, () => random.integer(6) - 3);
    const sorted = [...scores.keys()].sort((a, b) => scores[b]! - scores[a]! || a - b);
    for (const count of [0, 1, 3, 20]) expect(greatestIndices(scores, count)).toEqual(sorted.slice(0, count));
  }
});

test('draws follow softmax and never what is cut', () => {
  const random = createRandomStream(1);
  const scores = Float32Array.from([Math.log(0.6), -Infinity, Math.log(0.3), Math.log(0.1)]);
  const counts = [0, 0, 0, 0];
  for (let draw = 0; draw < 5000; draw++) counts[drawIndex(scores, random)]!++;
  expect(counts[1]).toBe(0);
  expect(counts[0]! / 5000).toBeCloseTo(0.6, 1);
  expect(counts[2]! / 5000).toBeCloseTo(0.3, 1);
});

test('log softmax sums to one', () => {
  const logs = logSoftmax(Float32Array.from([800, 801, 799]));
  expect(logs.reduce((sum, value) => sum + Math.exp(value), 0)).toBeCloseTo(1, 5);
});
