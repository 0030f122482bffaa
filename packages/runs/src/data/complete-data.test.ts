import { CONTRACT_VERSION, type DatasetEntry, definePlugin } from '@eim/contracts';
import { loadFromList } from '@eim/core';
import { expect, test } from 'vitest';
import { z } from 'zod';
import type { DataConfig } from '../config/data-schema.js';
import { completeData } from './complete-data.js';

/** A data set of a package; nobody here opens it. */
const captions: DatasetEntry<{ path: string; share: number }> = {
  presets: {},
  optionsSchema: z.strictObject({ path: z.string(), share: z.number().default(0.1) }),
  pathOptions: ['path'],
  create: () => {
    throw new Error('not opened');
  },
};
const plugin = definePlugin({
  contractVersion: CONTRACT_VERSION,
  name: '@acme/data',
  datasets: { captions },
});
const sources = {
  loadPlugin: loadFromList({ '@acme/data': plugin }),
  packages: { '@acme/data': async () => ({ default: plugin }) },
};
const complete = (data: Readonly<Record<string, unknown>>) =>
  completeData(data as DataConfig, (path, at) => `/${at.join('.')}/${path}`, sources);

test('a data set gets its defaults and absolute paths, by its short name or its package', async () => {
  const options = { path: '/data.path/mine', share: 0.1 };
  for (const use of ['captions', '@acme/data/captions']) {
    expect(await complete({ use, path: 'mine' })).toEqual({ data: { use, ...options }, mistakes: [] });
  }
});

test('what is wrong is told with its place', async () => {
  const mistakes = async (data: Readonly<Record<string, unknown>>) => (await complete(data)).mistakes;
  expect(await mistakes({ use: 'captions', path: 'mine', shares: 1 })).toEqual([
    { path: ['data'], key: 'shares', message: expect.stringContaining('did you mean "share"') },
  ]);
  expect(await mistakes({ use: 'pictures' })).toEqual([
    { path: ['data', 'use'], message: expect.stringContaining("no data set 'pictures'") },
  ]);
  expect(await mistakes({ use: '@acme/none/captions' })).toEqual([
    { path: ['data', 'use'], message: expect.stringContaining("'@acme/none' is not installed") },
  ]);
});
