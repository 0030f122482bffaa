import { describe, expect, it } from 'vitest';
import { passesGate } from './gate-verdict.js';
import { pairedDifference } from './paired-difference.js';

describe('the paired rule', () => {
  const verdict = { before: 0, after: 0, direction: 'max', tolerance: 0 } as const;

  it('takes mean and standard error of the differences', () => {
    // Differences 1, 0, 2: mean 1, variance (0 + 1 + 1) / 2 = 1, standard error 1 / sqrt(3).
    const paired = pairedDifference([1, 2, 3], [2, 2, 5], 'max');
    expect(paired.gain).toBe(1);
    expect(paired.standardError).toBeCloseTo(1 / Math.sqrt(3), 12);
    expect(paired.count).toBe(3);
    expect(passesGate({ ...verdict, paired })).toBe(true);
  });

  it('turns round where less is better', () => {
    const paired = pairedDifference([1, 2, 3], [2, 2, 5], 'min');
    expect(paired.gain).toBe(-1);
    expect(passesGate({ ...verdict, paired })).toBe(false);
  });

  it('asks for more than one standard error, whatever the plain difference is', () => {
    // Differences 2, 0: mean 1, standard error sqrt(2 / 2) = 1, which is not more than itself.
    const even = pairedDifference([0, 0], [2, 0], 'max');
    expect(even).toEqual({ gain: 1, standardError: 1, count: 2 });
    expect(passesGate({ ...verdict, after: 1, paired: even })).toBe(false);
    // Differences 3, 1: mean 2, standard error 1.
    expect(passesGate({ ...verdict, paired: pairedDifference([0, 0], [3, 1], 'max') })).toBe(true);
    // Nothing changed: no gain, no error.
    expect(passesGate({ ...verdict, paired: pairedDifference([1, 1], [1, 1], 'max') })).toBe(false);
    expect(passesGate({ ...verdict, paired: pairedDifference([1, 1], [2, Number.NaN], 'max') })).toBe(false);
  });
});
