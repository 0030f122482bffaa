import type { CaptionedPicture } from '@eim/contracts';
import { expect, test } from 'vitest';
import { captionDataset } from './caption-dataset.js';
import { carveSplit } from './carve-split.js';

const picture = (id: string, fingerprint = id): CaptionedPicture => ({
  id,
  fingerprint,
  captions: ['x'],
  source: id,
  load: () => Promise.reject(new Error('not read')),
});
const many = Array.from({ length: 100 }, (_, index) => picture(`p${index}`));
const dataset = (pictures: readonly CaptionedPicture[]) =>
  captionDataset('set', new Map([['train', pictures]]), ['note']);
const idsOf = (pictures: readonly CaptionedPicture[]) => pictures.map(({ id }) => id).sort();

test('takes a tenth, leaves the rest, and says so', () => {
  const carved = carveSplit(dataset(many));
  expect(carved.splits).toEqual(['train', 'val']);
  expect(carved.split('val')).toHaveLength(10);
  expect(idsOf([...carved.split('train'), ...carved.split('val')])).toEqual(idsOf(many));
  expect(carved.notes).toEqual(['note', '10 pictures of train carved out as val (seed 1)']);
});

test('depends on the seed and not on the order', () => {
  const val = (pictures: readonly CaptionedPicture[], seed?: number) =>
    idsOf(carveSplit(dataset(pictures), { ...(seed && { seed }) }).split('val'));
  expect(val([...many].reverse())).toEqual(val(many));
  expect(val(many, 2)).not.toEqual(val(many));
});

test('pictures of equal bytes stay on one side', () => {
  const twins = many.map(({ id }, index) => picture(id, `bytes ${index >> 1}`));
  const carved = carveSplit(dataset(twins), { share: 0.3 });
  const sides = (['train', 'val'] as const).map((name) => carved.split(name).map((item) => item.fingerprint));
  expect(carved.split('val')).toHaveLength(30);
  expect(sides[0]!.filter((fingerprint) => sides[1]!.includes(fingerprint))).toEqual([]);
});

test('refuses what cannot be carved', () => {
  expect(() => carveSplit(carveSplit(dataset(many)))).toThrow(/there is a split "val" already/);
  expect(() => carveSplit(dataset(many.slice(0, 1)))).toThrow(/"train" has 1 pictures/);
  expect(() => carveSplit(dataset(many), { share: 1 })).toThrow(/share of 1/);
});
