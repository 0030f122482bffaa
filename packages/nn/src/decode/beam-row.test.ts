import { expect, test } from 'vitest';
import { BeamRow } from './beam-row.js';

const logs = (...probabilities: number[]): Float32Array => Float32Array.from(probabilities, Math.log);
const STOP = 2;

test('keeps an ended beam and goes on only while a running one can beat the worst kept', () => {
  const row = new BeamRow({ beams: 2, lengthPenalty: 0, stopTokens: [STOP], limit: 10 });
  row.extend([logs(0.5, 0.1, 0.4), logs(0.5, 0.1, 0.4)]); // [0] runs, the stop token ends the empty answer
  expect(row.best).toEqual([]);
  expect(row.done).toBe(false);
  row.extend([logs(0.04, 0.01, 0.95), logs(0.5, 0.1, 0.4)]); // [0] ends with 0.475, better than 0.4
  expect(row.best).toEqual([0]);
  expect(row.done).toBe(true);
});

test('ends what runs at the limit', () => {
  const row = new BeamRow({ beams: 2, lengthPenalty: 1, stopTokens: [STOP], limit: 2 });
  row.extend([logs(0.6, 0.4, 1e-9), logs(0.6, 0.4, 1e-9)]);
  const { parents, tokens } = row.extend([logs(0.3, 0.7, 1e-9), logs(0.99, 0.01, 1e-9)]);
  expect(parents).toHaveLength(2);
  expect(tokens).toHaveLength(2);
  expect(row.done).toBe(true);
  expect(row.best).toEqual([0, 1]); // 0.42 against 0.396
});
