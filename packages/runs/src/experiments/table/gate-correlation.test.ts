import { expect, test } from 'vitest';
import { madeUpRecord } from '../testing/made-up-record.js';
import { gateCorrelations, rankCorrelation } from './gate-correlation.js';

test('ranks are compared, whatever the values; equal ones share their rank', () => {
  expect(rankCorrelation([1, 2, 3], [10, 30, 20])).toBeCloseTo(0.5, 12);
  expect(rankCorrelation([1, 2, 1000], [-3, -2, -1])).toBe(1);
  expect(rankCorrelation([1, 2, 3], [9, 4, 1])).toBe(-1);
  // The correlation of 1, 2.5, 2.5, 4, 5 with 2, 1, 3.5, 3.5, 5.
  expect(rankCorrelation([1, 2, 2, 4, 5], [2, 1, 3, 3, 7])).toBeCloseTo(0.7631578947368421, 12);
  expect(rankCorrelation([1, 1], [1, 2])).toBeNaN();
});

test('what each gate measured is set against final CIDEr', () => {
  const gate = (metric: string, after: number) => ({ metric, split: 'val', before: 0, after, kept: true });
  const segment = (name: string, more: object) => ({
    name,
    objective: 'words',
    steps: 1,
    plannedSteps: 1,
    examples: 1,
    firstLoss: 1,
    lastLoss: 1,
    seconds: 1,
    multiplyAdds: { training: 1, encoding: 0, evaluation: 0 },
    stoppedEarly: false,
    ...more,
  });
  const record = (seed: number, cider: number, after: number) => {
    const base = madeUpRecord({ arm: 'plain', seed, configHash: 'c', ciderPerPicture: [cider] });
    const segments = [
      segment('encoder', { gate: gate('word-probe', after) }),
      segment('bridge', { gate: gate('loss', -after) }),
      segment('joint', {}),
    ];
    return { ...base, training: { ...base.training, segments } };
  };
  expect(gateCorrelations([record(1, 0.1, 5), record(2, 0.2, 6), record(3, 0.3, 7)])).toEqual([
    { segment: 'encoder', metric: 'word-probe', count: 3, correlation: 1 },
    { segment: 'bridge', metric: 'loss', count: 3, correlation: -1 },
  ]);
  expect(gateCorrelations([record(1, 0.1, 5), record(2, 0.2, 6)])).toEqual([]);
});
