import type { Row } from '@eim/contracts';
import { expect, test } from 'vitest';
import { carveSplit } from './carve-split.js';
import { createDataset } from './create-dataset.js';

const row = (id: string, fingerprint = id): Row => ({
  id,
  picture: { fingerprint, source: id, load: () => Promise.reject(new Error('not read')) },
  prompt: '',
  answers: ['x'],
});
const many = Array.from({ length: 100 }, (_, index) => row(`p${index}`));
const dataset = (rows: readonly Row[]) => createDataset('set', new Map([['train', rows]]), ['note']);
const idsOf = (rows: readonly Row[]) => rows.map(({ id }) => id).sort();

test('takes a tenth, leaves the rest, and says so', () => {
  const carved = carveSplit(dataset(many));
  expect(carved.splits).toEqual(['train', 'val']);
  expect(carved.split('val')).toHaveLength(10);
  expect(idsOf([...carved.split('train'), ...carved.split('val')])).toEqual(idsOf(many));
  expect(carved.notes).toEqual(['note', '10 rows of train carved out as val (seed 1)']);
});

test('depends on the seed and not on the order', () => {
  const val = (rows: readonly Row[], seed?: number) =>
    idsOf(carveSplit(dataset(rows), { ...(seed && { seed }) }).split('val'));
  expect(val([...many].reverse())).toEqual(val(many));
  expect(val(many, 2)).not.toEqual(val(many));
});

test('pictures of equal bytes stay on one side', () => {
  const twins = many.map(({ id }, index) => row(id, `bytes ${index >> 1}`));
  const carved = carveSplit(dataset(twins), { share: 0.3 });
  const sides = (['train', 'val'] as const).map((name) =>
    carved.split(name).map((item) => item.picture!.fingerprint),
  );
  expect(carved.split('val')).toHaveLength(30);
  expect(sides[0]!.filter((fingerprint) => sides[1]!.includes(fingerprint))).toEqual([]);
});

test('refuses what cannot be carved', () => {
  expect(() => carveSplit(carveSplit(dataset(many)))).toThrow(/there is a split "val" already/);
  expect(() => carveSplit(dataset(many.slice(0, 1)))).toThrow(/"train" has 1 rows/);
  expect(() => carveSplit(dataset(many), { share: 1 })).toThrow(/share of 1/);
});

test('rows without a picture are taken one by one, and by their ids alone', () => {
  const texts = many.map(({ id }): Row => ({ id, prompt: 'Say x.', answers: ['x'] }));
  expect(idsOf(carveSplit(dataset(texts)).split('val'))).toEqual(
    idsOf(carveSplit(dataset(many)).split('val')),
  );
});
