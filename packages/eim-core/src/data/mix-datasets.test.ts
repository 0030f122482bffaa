import type { Dataset, Row } from '@eim/contracts';
import { EimError } from '@eim/contracts';
import { expect, test } from 'vitest';
import { mixDatasets } from './mix-datasets.js';

const row = (id: string): Row => ({ id, prompt: 'What?', answers: ['x'] });
function dataset(name: string, splits: Record<string, string[]>, notes: string[] = []): Dataset {
  const rows = new Map(Object.entries(splits).map(([split, ids]) => [split, ids.map(row)]));
  return { name, splits: [...rows.keys()], split: (split) => rows.get(split) ?? [], notes };
}
const idsOf = (data: Dataset, split: string) => data.split(split).map(({ id }) => id);

test('parts lie one after the other, with their weights, in the splits that they have', () => {
  const a = dataset('a', { train: ['1', '2'], val: ['3'] }, ['two']);
  const b = dataset('b', { train: ['4', '5', '6'], test: [] });
  const data = mixDatasets([{ dataset: a }, { dataset: b, weight: 3 }], { order: 'mixed' });
  expect([data.name, data.splits, data.notes]).toEqual(['a+b', ['train', 'val', 'test'], ['a: two']]);
  expect(idsOf(data, 'train')).toEqual(['1', '2', '4', '5', '6']);
  expect(data.split('train')[0]).toBe(a.split('train')[0]);
  expect(data.mixture!('train')).toEqual({
    order: 'mixed',
    parts: [
      { name: 'a', start: 0, count: 2, weight: 1 },
      { name: 'b', start: 2, count: 3, weight: 3 },
    ],
  });
  expect(data.mixture!('val')!.parts).toEqual([{ name: 'a', start: 0, count: 1, weight: 1 }]);
  expect(data.mixture!('test')!.parts).toEqual([]);
  expect(() => data.split('dev')).toThrow(/a\+b has no split "dev"\. It has: train, val, test\./);
});

test('ids that collide are prefixed in every part, others stay', () => {
  const parts = ['x', 'x', 'y'].map((name) => ({ dataset: dataset(name, { train: ['1', `${name}/1`] }) }));
  const data = mixDatasets(parts, { order: 'in-order', name: 'all' });
  const ids = idsOf(data, 'train');
  expect(ids).toEqual(['x/1', 'x/x/1', 'x-2/1', 'x-2/x/1', 'y/y/1', 'y/1']);
  expect(new Set(ids).size).toBe(6);
  expect(data.mixture!('train')!.parts.map(({ name }) => name)).toEqual(['x', 'x-2', 'y']);
});

test('a mixture in a mixture shares the weight of its part', () => {
  const [a, b, c] = ['a', 'b', 'c'].map((name) => dataset(name, { train: [name] }));
  const inner = mixDatasets(
    [
      { dataset: a!, weight: 1 },
      { dataset: b!, weight: 3 },
    ],
    { order: 'mixed', name: 'ab' },
  );
  const outer = mixDatasets(
    [
      { dataset: c!, weight: 2 },
      { dataset: inner, weight: 2 },
    ],
    { order: 'mixed' },
  );
  expect(outer.mixture!('train')!.parts).toEqual([
    { name: 'c', start: 0, count: 1, weight: 2 },
    { name: 'ab/a', start: 1, count: 1, weight: 0.5 },
    { name: 'ab/b', start: 2, count: 1, weight: 1.5 },
  ]);
  expect(idsOf(outer, 'train')).toEqual(['c', 'a', 'b']);
  expect(() => mixDatasets([{ dataset: inner }], { order: 'in-order' })).toThrow(
    /cannot be part of one "in-order"/,
  );
});

test('no part, or a weight that draws nothing, is refused', () => {
  expect(() => mixDatasets([], { order: 'mixed', name: 'none' })).toThrow(EimError);
  const a = dataset('a', { train: ['1'] });
  for (const weight of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
    expect(() => mixDatasets([{ dataset: a, weight }], { order: 'mixed' })).toThrow(
      /weight .* is not above 0/,
    );
  }
});
