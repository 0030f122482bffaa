import { describe, expect, it } from 'vitest';
import { learningRateSchedule } from './learning-rate-schedule.js';

const values = (segment: Parameters<typeof learningRateSchedule>[0], steps: number) => {
  const at = learningRateSchedule(segment, steps);
  return Array.from({ length: steps }, (_, step) => Number(at(step).toFixed(6)));
};

describe('learningRateSchedule', () => {
  it('warms up linearly and falls along half a cosine', () => {
    // 0.5 * (1 + cos(pi * (step - 2) / 4))
    const expected = [0.5, 1, 1, 0.853553, 0.5, 0.146447];
    expect(values({ schedule: 'cosine', warmupSteps: 2 }, 6)).toEqual(expected);
    expect(values({ schedule: 'cosine', warmupFraction: 1 / 3 }, 6)).toEqual(expected);
  });

  it('falls linearly or not at all', () => {
    expect(values({ schedule: 'linear' }, 4)).toEqual([1, 0.75, 0.5, 0.25]);
    expect(values({ schedule: 'constant', warmupSteps: 3 }, 5)).toEqual([0.333333, 0.666667, 1, 1, 1]);
  });

  it('warms up all the way where the warm-up is longer than the segment', () => {
    expect(values({ schedule: 'cosine', warmupSteps: 100 }, 2)).toEqual([0.5, 1]);
  });
});
