import { startEngine } from '@eim/engine';
import { beforeAll, expect, it } from 'vitest';
import type { RunIdentity } from '../checkpoints/checkpoint.js';
import { groupInOneProcess } from '../test-support/group-in-one-process.js';
import { agreeOnRun } from './agree-on-run.js';

beforeAll(async () => void (await startEngine({ engine: 'cpu' })));

const identity: RunIdentity = {
  planHash: 'plan',
  datasetHash: 'data',
  seed: '1',
  engine: { name: 'node', version: '1' } as unknown as RunIdentity['engine'],
};

it.each([
  ['plan', { planHash: 'other' }],
  ['data', { datasetHash: 'other' }],
  ['seed', { seed: '2' }],
  ['engine or its version', { engine: { name: 'node', version: '2' } as unknown as RunIdentity['engine'] }],
])('every process is told who has another %s', async (what, change) => {
  const groups = groupInOneProcess(3);
  const all = await Promise.allSettled(
    groups.map((group) => agreeOnRun(group, group.rank === 2 ? { ...identity, ...change } : identity)),
  );
  for (const one of all) {
    expect(one).toMatchObject({ reason: { code: 'invalid-config', data: { ranks: [2] } } });
    expect(String((one as PromiseRejectedResult).reason)).toContain(
      `process 2 has another ${what} than process 0`,
    );
  }
});

it('processes that are about to do the same go on', async () => {
  await Promise.all(groupInOneProcess(2).map((group) => agreeOnRun(group, identity)));
});
