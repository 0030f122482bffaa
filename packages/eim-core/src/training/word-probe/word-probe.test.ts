import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CaptionWords } from './caption-words.js';
import { choleskyFactor, solveByCholesky } from './cholesky.js';
import { ridgeRegressions } from './ridge-regression.js';
import { fitWordProbe } from './word-probe.js';

test('ridge regression gives what numpy gives, with a feature that never changes', () => {
  const { features, targets, fresh, expected } = JSON.parse(
    readFileSync(new URL('./__fixtures__/ridge.json', import.meta.url), 'utf8'),
  );
  const fit = ridgeRegressions(features, targets);
  for (const [strength, rows] of Object.entries(expected as Record<string, number[][]>)) {
    const predicted = fit(Number(strength)).predict(fresh);
    predicted.forEach((row, i) => {
      row.forEach((value, j) => void expect(value).toBeCloseTo(rows[i]![j]!, 10));
    });
  }
});

test('a Cholesky solution satisfies its equations', () => {
  const cell = fc.double({ min: -3, max: 3, noNaN: true });
  const square = fc
    .integer({ min: 1, max: 7 })
    .chain((n) =>
      fc.tuple(
        fc.constant(n),
        fc.array(cell, { minLength: n * n, maxLength: n * n }),
        fc.array(cell, { minLength: n * 2, maxLength: n * 2 }),
      ),
    );
  fc.assert(
    fc.property(square, ([n, root, right]) => {
      // the root's square with 1 on its diagonal is positive definite
      const matrix = new Float64Array(n * n);
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < n; j++) {
          matrix[i * n + j] = i === j ? 1 : 0;
          for (let k = 0; k < n; k++) matrix[i * n + j]! += root[i * n + k]! * root[j * n + k]!;
        }
      }
      const solution = Float64Array.from(right); // [n, 2]
      solveByCholesky(choleskyFactor(matrix, n), n, solution);
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < 2; j++) {
          let sum = 0;
          for (let k = 0; k < n; k++) sum += matrix[i * n + k]! * solution[k * 2 + j]!;
          expect(sum).toBeCloseTo(right[i * 2 + j]!, 6);
        }
      }
    }),
  );
});

test('rare words weigh more than common ones, and unknown ones nothing', () => {
  const words = new CaptionWords([['a red dog'], ['A dog.'], ['a red cat'], ['a cat, a cat']], {
    minimumCount: 2,
  });
  expect(words.size).toBe(4); // a, cat, dog, red
  const weights = [...words.weigh(['a red dog', 'zebra'])];
  expect(weights[0]).toBe(0); // in every picture
  expect(weights[1]).toBe(0);
  expect(weights[2]).toBeCloseTo(Math.SQRT1_2);
  expect(weights[3]).toBeCloseTo(Math.SQRT1_2);
  expect([...words.weigh(['zebra'])]).toEqual([0, 0, 0, 0]);
});

test('features that tell the words have a high cosine, noise a low one', () => {
  const kinds = ['river bridge', 'forest trees', 'airport runway', 'desert sand'];
  const pictures = (count: number, noise: (i: number) => number) => ({
    features: Array.from({ length: count }, (_, i) => [
      i % 4 === 0 ? 1 : 0,
      i % 4 === 1 ? 1 : 0,
      i % 4 === 2 ? 1 : 0,
      noise(i),
    ]),
    captions: Array.from({ length: count }, (_, i) => [kinds[i % 4]!]),
  });
  const noise = (i: number) => (Math.sin(i * 12.9898) * 43758.5453) % 1;
  expect(fitWordProbe(pictures(80, noise), pictures(20, noise)).cosine).toBeGreaterThan(0.99);
  const blind = ({ features, captions }: ReturnType<typeof pictures>) => ({
    features: features.map((row) => row.slice(3)),
    captions,
  });
  expect(fitWordProbe(blind(pictures(80, noise)), blind(pictures(20, noise))).cosine).toBeLessThan(0.7);
});
