import { expect, test } from 'vitest';
import { assignSplits } from './assign-splits.js';

const records = (...splits: (string | undefined)[]) =>
  splits.map((split, index) => ({
    id: String(index),
    picture: `${index}.jpg`,
    prompt: '',
    answers: ['x'],
    entry: `images[${index}].file_name`,
    ...(split !== undefined && { split }),
  }));
const idsOf = (assigned: ReturnType<typeof assignSplits>) =>
  Object.fromEntries(Array.from(assigned.splits, ([name, members]) => [name, members.map(({ id }) => id)]));

test('restval counts as train unless left out', () => {
  const four = records('val', 'restval', 'train', 'test');
  const assigned = assignSplits(four, 'f');
  expect(idsOf(assigned)).toEqual({ val: ['0'], train: ['1', '2'], test: ['3'] });
  expect(assigned.notes).toEqual(['1 rows of restval count as train']);
  expect(idsOf(assignSplits(four, 'f', { restval: 'leave-out' })).train).toEqual(['2']);
});

test('trainval counts as train only where there is none, and other spellings are known', () => {
  expect(idsOf(assignSplits(records('trainval', 'Validation'), 'f'))).toEqual({ train: ['0'], val: ['1'] });
  expect(idsOf(assignSplits(records('trainval', 'train'), 'f'))).toEqual({ trainval: ['0'], train: ['1'] });
});

test('without splits all is train; with some it is a mistake', () => {
  expect(idsOf(assignSplits(records(undefined, undefined), 'f'))).toEqual({ train: ['0', '1'] });
  expect(() => assignSplits(records('train', undefined), 'f')).toThrow(
    /1 of 2 rows have no split, the first at images\[1\]/,
  );
  expect(() => assignSplits(records('val'), 'f')).toThrow(
    /no row in the split "train"\. Its splits are: val/,
  );
  const alone = assignSplits(records('val'), 'f', { needsTrain: false });
  expect(idsOf(alone)).toEqual({ val: ['0'] });
});
