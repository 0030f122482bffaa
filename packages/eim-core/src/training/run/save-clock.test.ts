import { expect, test } from 'vitest';
import { SaveClock } from './save-clock.js';

/** Whether a save is due so many seconds after the last one, which took `took` seconds. */
async function dueAfter(seconds: number, took: number, policy = {}, step = 1): Promise<boolean> {
  let now = 0;
  const clock = new SaveClock(policy, () => now);
  await clock.during(async () => {
    now += took * 1000;
  });
  now += seconds * 1000;
  return clock.isDue(step);
}

test('a save is due each minute, and less often where it takes longer', async () => {
  expect(await dueAfter(59, 1)).toBe(false);
  expect(await dueAfter(61, 1)).toBe(true);
  expect(await dueAfter(61, 12)).toBe(false);
  expect(await dueAfter(12 * 19 - 1, 12)).toBe(false);
  expect(await dueAfter(12 * 19 + 1, 12)).toBe(true);
});

test('a save after so many steps is due whatever it takes', async () => {
  expect(await dueAfter(0, 12, { steps: 5 }, 10)).toBe(true);
  expect(await dueAfter(1000, 12, { steps: 5 }, 11)).toBe(false);
});
