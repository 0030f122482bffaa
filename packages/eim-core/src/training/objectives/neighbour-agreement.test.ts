import { startEngine } from '@eim/engine';
import { memory } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { neighbourAgreement } from './neighbour-agreement.js';

beforeAll(() => startEngine({ engine: 'cpu' }));

const vectors = (rows: number[][]) => rows.map((row) => Float32Array.from(row));
// Word 9 is everywhere and says nothing.
const words = [
  [1, 9],
  [1, 9],
  [2, 9],
  [2, 9],
];

describe('neighbourAgreement', () => {
  it('is 1 where the nearest picture is described the same, and 0 where it is not', async () => {
    const tensors = memory().numTensors;
    const alike = vectors([
      [5, 1],
      [5, 1.1],
      [5, -1],
      [5, -1.1],
    ]);
    expect(await neighbourAgreement(alike, words)).toBeCloseTo(1, 6);
    const crossed = vectors([
      [5, 1],
      [5, -1],
      [5, 1.1],
      [5, -1.1],
    ]);
    expect(await neighbourAgreement(crossed, words)).toBeCloseTo(0, 6);
    expect(memory().numTensors).toBe(tensors);
  });

  it('gives nothing to an encoder that tells nothing apart, or gives no numbers', async () => {
    expect(
      await neighbourAgreement(
        vectors([
          [1, 2],
          [1, 2],
          [1, 2],
          [1, 2],
        ]),
        words,
      ),
    ).toBe(0);
    expect(await neighbourAgreement(vectors([[Number.NaN], [1], [2], [3]]), words)).toBe(0);
  });
});
