import { expect, test } from 'vitest';
import { toTwoDecimals } from './to-two-decimals.js';

test("rounds as Python's '{:.2f}' does", () => {
  // print([float('{:.2f}'.format(x)) for x in [...]])
  const values = [0, 100, 75.17095024758311, 3.125, 9.375, 0.125, 62.5, 2.675, 1.005, 99.995, 33.375, 40.625];
  expect(values.map(toTwoDecimals)).toEqual([
    0, 100, 75.17, 3.12, 9.38, 0.12, 62.5, 2.67, 1, 100, 33.38, 40.62,
  ]);
});
