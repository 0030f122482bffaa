import { expect, test } from 'vitest';
import { layOver } from './lay-over.js';

const base = {
  model: { encoder: { use: 'clip', options: { width: 64, depth: 3 } } },
  data: { use: 'captions', path: 'a' },
  plan: { segments: [{ name: 'joint', objective: { use: 'caption', options: { labelSmoothing: 0.1 } } }] },
};

test('maps are merged key by key, and lists and values replace what was there', () => {
  const over = { model: { encoder: { options: { width: 128 } } }, data: { path: 'b', splits: ['train'] } };
  expect(layOver(base, over)).toEqual([
    { path: ['model', 'encoder', 'options', 'width'], value: 128 },
    { path: ['data', 'path'], value: 'b' },
    { path: ['data', 'splits'], value: ['train'] },
  ]);
});

test('a map over a list changes the items that its keys name', () => {
  const over = { plan: { segments: { joint: { objective: { options: { labelSmoothing: 0 } } } } } };
  expect(layOver(base, over)).toEqual([
    { path: ['plan', 'segments', 'joint', 'objective', 'options', 'labelSmoothing'], value: 0 },
  ]);
});

test('another package takes nothing from the options of the one before', () => {
  const encoder = { use: 'mobilenet', options: {} };
  expect(layOver(base, { model: { encoder } })).toEqual([{ path: ['model', 'encoder'], value: encoder }]);
  const same = { use: 'clip', options: { width: 32 } };
  expect(layOver(base, { model: { encoder: same } })).toEqual([
    { path: ['model', 'encoder', 'use'], value: 'clip' },
    { path: ['model', 'encoder', 'options', 'width'], value: 32 },
  ]);
});

test('a whole plan replaces the plan', () => {
  for (const plan of [{ preset: 'plain', steps: 10 }, { segments: [{ name: 'one' }] }])
    expect(layOver(base, { plan })).toEqual([{ path: ['plan'], value: plan }]);
  const preset = { plan: { preset: 'eim', steps: 10, segments: { joint: false } } };
  expect(layOver(preset, { plan: { steps: 20 } })).toEqual([{ path: ['plan', 'steps'], value: 20 }]);
  expect(layOver(base, {})).toEqual([]);
});
