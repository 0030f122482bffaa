import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readCluster } from './read-cluster.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'eim-cluster-'));
  await writeFile(join(folder, 'cluster.yaml'), 'addresses: [10.0.0.4:5600, 10.0.0.5:5600]\n');
  await writeFile(join(folder, 'wrong.yaml'), 'addresses: []\nport: 3\n');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const addresses = ['10.0.0.4:5600', '10.0.0.5:5600'];
const tensorFlow = (value: unknown) => ({ TF_CONFIG: JSON.stringify(value) });

test.each([
  ['--rank', { rank: 1 }, 1],
  ['our variable', { environment: { EIM_RANK: '1' } }, 1],
  ["SLURM's variable", { environment: { SLURM_PROCID: '0' } }, 0],
  ["the variable of Kubernetes' indexed jobs", { environment: { JOB_COMPLETION_INDEX: '1' } }, 1],
  ['TF_CONFIG', { environment: tensorFlow({ task: { type: 'worker', index: 1 } }) }, 1],
  ['--rank before all variables', { rank: 0, environment: { EIM_RANK: '1' } }, 0],
])('a process knows its rank by %s', async (_, options, rank) => {
  const found = await readCluster('cluster.yaml', { workingFolder: folder, ...options });
  expect(found).toEqual({ addresses, joinSeconds: 600, rank });
});

test('TF_CONFIG alone tells addresses and rank', async () => {
  const environment = tensorFlow({ cluster: { worker: addresses }, task: { type: 'worker', index: 1 } });
  expect(await readCluster(undefined, { environment })).toEqual({ addresses, rank: 1 });
});

test.each([
  ['no rank at all', 'cluster.yaml', {}, 'which of the cluster it is'],
  ['a rank that is none', 'cluster.yaml', { SLURM_PROCID: 'two' }, 'SLURM_PROCID is "two"'],
  ['no addresses', undefined, { EIM_RANK: '0' }, 'No file with the addresses'],
  ['a TF_CONFIG that is no JSON', undefined, { TF_CONFIG: '{' }, 'it is no JSON'],
  [
    'a task that is no worker',
    undefined,
    tensorFlow({ task: { type: 'ps', index: 0 } }),
    "its task is a 'ps'",
  ],
  ['mistakes in the file', 'wrong.yaml', { EIM_RANK: '0' }, 'wrong.yaml'],
  ['a file that is not there', 'none.yaml', { EIM_RANK: '0' }, 'none.yaml'],
])('%s is refused', async (_, file, environment, why) => {
  await expect(readCluster(file, { workingFolder: folder, environment })).rejects.toThrow(why);
});
