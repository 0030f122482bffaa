import { expect, test } from 'vitest';
import { computeTimes, forecastStep, networkTimes, sumSeconds } from './speed-up-model.js';

test('two measurements tell what a row takes and what every step does', () => {
  const times = computeTimes({ rows: 32, seconds: 3.4 }, { rows: 16, seconds: 1.8 });
  expect(times.perRow).toBeCloseTo(0.1, 12);
  expect(times.fixed).toBeCloseTo(0.2, 12);
});

test('a ring sends an n-th of the bytes 2 (n - 1) times', () => {
  const network = networkTimes(0.004, { bytes: 1e6, seconds: 0.104 });
  expect(network).toEqual({ latency: 0.002, bandwidth: expect.closeTo(1e7, 3) });
  expect(sumSeconds(1, 1e6, network)).toBe(0);
  expect(sumSeconds(2, 1e6, network)).toBeCloseTo(0.104, 9);
  expect(sumSeconds(8, 1e6, network)).toBeCloseTo(14 * 0.002 + 1.75 * 0.1, 9);
});

test('sums hide behind the backward pass alone', () => {
  const compute = { fixed: 0.2, perRow: 0.1 };
  const network = { latency: 0, bandwidth: 1e7 };
  const short = forecastStep(compute, network, { workers: 2, rows: 12, gradientBytes: 5e6 });
  expect(short.hidden).toBeCloseTo(1.4, 9);
  expect(short.unhidden).toBeCloseTo(1.9, 9);
  const long = forecastStep(compute, network, { workers: 2, rows: 12, gradientBytes: 1e7, crowding: 1 });
  expect(long.hidden).toBeCloseTo(1.4 + 1 - 0.8, 9);
  // What a processor has to do for them is not hidden.
  const busy = { ...network, processor: 2e-8 };
  const kept = forecastStep(compute, busy, { workers: 2, rows: 12, gradientBytes: 5e6 });
  expect([kept.hidden, kept.unhidden, kept.processor]).toEqual(
    [1.5, 1.9, 1.5].map((value) => expect.closeTo(value, 9)),
  );
  const crowded = forecastStep(compute, network, { workers: 3, rows: 12, gradientBytes: 0, crowding: 1.5 });
  expect(crowded.hidden).toBeCloseTo(2.1, 9);
});
