import { startEngine } from '@eim/engine';
import { memory } from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { groupInOneProcess } from '../test-support/group-in-one-process.js';
import { shareCounts } from './share-counts.js';

beforeAll(async () => void (await startEngine({ engine: 'cpu' })));

it('counts far beyond what a float holds are added up exactly, in every process', async () => {
  const counts = [
    [0, 1, 2 ** 40 + 3, 123_456_789_012_345],
    [7, 65_535, 65_536, 876_543_210_987_655],
    [1, 1, 1, 2 ** 50 + 1],
  ];
  const tensors = memory().numTensors;
  const groups = groupInOneProcess(counts.length);
  const all = await Promise.all(groups.map((group, rank) => shareCounts(group, counts[rank]!)));
  const sums = [8, 65_537, 2 ** 40 + 65_540, 1e15 + 2 ** 50 + 1];
  for (const one of all) expect(one).toEqual(sums);
  expect(memory().numTensors).toBe(tensors);
});
