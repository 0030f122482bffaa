import { expect, test } from 'vitest';
import { configDifferences } from './config-differences.js';

const plan = (...segments: readonly object[]) => ({ plan: { segments } });

test('fields that differ are told by their dotted paths, with null where one has none', () => {
  const one = { training: { seed: 1, batchSize: 4 }, data: { use: 'scenes', of: [1, 2] }, engine: 'wasm' };
  expect(
    configDifferences([
      one,
      { ...one, training: { seed: 2 } },
      { ...one, data: { use: 'scenes', of: [1, 3] } },
    ]),
  ).toEqual([
    { path: 'training.seed', values: [1, 2, 1] },
    { path: 'training.batchSize', values: [4, null, 4] },
    {
      path: 'data.of',
      values: [
        [1, 2],
        [1, 2],
        [1, 3],
      ],
    },
  ]);
  expect(configDifferences([one, structuredClone(one)])).toEqual([]);
});

test('items with names are told by these, and their order by the list', () => {
  const joint = { name: 'joint', until: { steps: 5 } };
  const align = { name: 'align', until: { steps: 1 } };
  const longer = { name: 'joint', until: { steps: 9 } };
  expect(configDifferences([plan(align, joint), plan(joint, align)])).toEqual([
    {
      path: 'plan.segments',
      values: [
        ['align', 'joint'],
        ['joint', 'align'],
      ],
    },
  ]);
  expect(configDifferences([plan(align, joint), plan(longer), plan(longer)])).toEqual([
    { path: 'plan.segments', values: [['align', 'joint'], ['joint'], ['joint']] },
    { path: 'plan.segments.joint.until.steps', values: [5, 9, 9] },
  ]);
  expect(
    configDifferences([plan(align, joint), plan(joint), plan({ ...align, until: { steps: 2 } }, joint)]),
  ).toEqual([
    { path: 'plan.segments', values: [['align', 'joint'], ['joint'], ['align', 'joint']] },
    { path: 'plan.segments.align.until.steps', values: [1, null, 2] },
  ]);
});

test('a value of another kind is shown whole', () => {
  const select = (value: unknown) => ({ learn: { select: value } });
  expect(configDifferences([select('full'), select({ lastBlocks: 2 })])).toEqual([
    { path: 'learn.select', values: ['full', { lastBlocks: 2 }] },
  ]);
  expect(configDifferences([{ of: [{ use: 'a' }] }, { of: [{ use: 'b' }] }])).toEqual([
    { path: 'of', values: [[{ use: 'a' }], [{ use: 'b' }]] },
  ]);
});
