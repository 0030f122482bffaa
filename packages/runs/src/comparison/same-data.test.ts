import type { Dataset, Row } from '@eim/contracts';
import { expect, test } from 'vitest';
import { dataDifference } from './same-data.js';

const row = (split: string, index: number): Row => ({
  id: `${split}-${index}`,
  prompt: '',
  answers: ['a square', `the square ${index}`],
  picture: {
    fingerprint: `${split} ${index}`,
    source: `${split}/${index}.png`,
    load: async () => ({ width: 1, height: 1, data: new Uint8Array(3) }),
  },
});

/** Rows in splits, each changed. */
function dataset(
  counts: Readonly<Record<string, number>> = { train: 6, val: 2, test: 3 },
  change: (row: Row) => Row = (same) => same,
): Dataset {
  return {
    name: 'squares',
    splits: Object.keys(counts),
    split: (name) => Array.from({ length: counts[name]! }, (_, index) => change(row(name, index))),
    notes: [],
  };
}

test('the same pictures and answers are the same data', () => {
  expect(dataDifference(dataset(), dataset())).toBeUndefined();
});

test.each<[string, Dataset, RegExp]>([
  ['more rows', dataset({ train: 6, val: 2, test: 4 }), /^test has 3 and 4 rows$/],
  ['other answers', dataset(undefined, (same) => ({ ...same, answers: ['a picture'] })), /^row 1 of train/],
  ['other prompts', dataset(undefined, (same) => ({ ...same, prompt: 'What is it?' })), /^row 1 of train/],
  [
    'other bytes',
    dataset(undefined, (same) => ({ ...same, picture: { ...same.picture!, fingerprint: 'other' } })),
    /^row 1 of train is train\/0\.png/,
  ],
  ['rows without pictures', dataset(undefined, ({ picture: _, ...texts }) => texts), /^row 1 of train/],
])('%s are other data', (_, other, difference) => {
  expect(dataDifference(dataset(), other)).toMatch(difference);
});

test('other splits are other data', () => {
  expect(dataDifference(dataset(), dataset({ train: 6 }))).toContain('the splits are');
});
