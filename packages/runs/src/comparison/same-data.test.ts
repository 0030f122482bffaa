import type { Dataset, Row } from '@eim/contracts';
import { createDataset, createSceneDataset } from '@eim/datasets';
import { expect, test } from 'vitest';
import { dataDifference } from './same-data.js';

const scenes = (options = {}) => createSceneDataset({ seed: 1, train: 6, val: 2, test: 3, ...options });
const changed = (dataset: Dataset, change: (row: Row) => Partial<Row>) =>
  createDataset(
    dataset.name,
    new Map(
      dataset.splits.map((name) => [name, dataset.split(name).map((row) => ({ ...row, ...change(row) }))]),
    ),
    [],
  );

test('the same pictures and captions are the same data', () => {
  expect(dataDifference(scenes(), scenes())).toBeUndefined();
});

test.each([
  ['other pictures', scenes({ seed: 2 })],
  ['more pictures', scenes({ test: 4 })],
  ['other captions', changed(scenes(), () => ({ answers: ['a picture'] }))],
  ['other bytes', changed(scenes(), ({ picture }) => ({ picture: { ...picture!, fingerprint: 'other' } }))],
])('%s are other data', (_, other) => {
  expect(dataDifference(scenes(), other)).toMatch(/rows$|^row 1 of/);
});

test('other splits are other data', () => {
  const without = createDataset('scenes', new Map([['train', scenes().split('train')]]), []);
  expect(dataDifference(scenes(), without)).toContain('the splits are');
});
