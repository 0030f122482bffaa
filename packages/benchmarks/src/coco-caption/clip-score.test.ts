import { EimError } from '@eim/contracts';
import { expect, test } from 'vitest';
import { clipScore, clipScores, refClipScore } from './clip-score.js';

test('the formulas of the paper, worked by hand', () => {
  expect(clipScore([3, 4], [6, 8])).toBeCloseTo(2.5, 12);
  expect(clipScore([1, 0], [1, 1])).toBeCloseTo(2.5 * Math.SQRT1_2, 12);
  expect(clipScore([1, 0], [-1, 0])).toBe(0);
  const byImage = 2.5 * 0.6;
  const byReference = 0.8;
  expect(
    refClipScore(
      [1, 0],
      [0.6, 0.8],
      [
        [-1, 0],
        [0, 2],
      ],
    ),
  ).toBeCloseTo((2 * byImage * byReference) / (byImage + byReference), 12);
  expect(refClipScore([1, 0], [0, 1], [[0, -1]])).toBe(0);
});

test('a set has the means, and RefCLIPScore only where all have references', () => {
  const one = { image: [1, 0], candidate: [1, 0], references: [[1, 0]] };
  const two = { image: [1, 0], candidate: [0, 1] };
  expect(clipScores([one]).RefCLIPScore).toBeCloseTo((2 * 2.5) / 3.5, 12);
  expect(clipScores([one, two])).toMatchObject({
    CLIPScore: 1.25,
    perPicture: [{ CLIPScore: 2.5 }, { CLIPScore: 0 }],
  });
  expect(clipScores([one, two])).not.toHaveProperty('RefCLIPScore');
  expect(() => clipScore([1], [1, 2])).toThrow(EimError);
});
