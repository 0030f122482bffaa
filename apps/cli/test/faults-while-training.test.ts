import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { eim, scratchFolder } from './run-eim.js';
import { writeTinyConfig } from './tiny-config.js';

const folder = scratchFolder();
const STEPS = 120;
const config = writeTinyConfig(folder, { plan: `{ preset: plain, steps: ${STEPS}, batchSize: 4 }` });
const weights = (run: string) => readFileSync(join(run, 'model/model.safetensors'));
const checkpoints = (run: string) =>
  existsSync(join(run, 'checkpoints'))
    ? readdirSync(join(run, 'checkpoints')).filter((name) => name.startsWith('checkpoint-'))
    : [];

let uninterrupted: Buffer;
beforeAll(async () => {
  const run = join(folder, 'whole');
  expect(await eim(['train', config, '--out', run])).toMatchObject({ code: 0 });
  uninterrupted = weights(run);
}, 120_000);

test('Ctrl-C saves, says how to resume and exits 130; the resumed run ends with the same bytes', async () => {
  const run = join(folder, 'interrupted');
  let sent = false;
  const stopped = await eim(['train', config, '--out', run], {
    onStderr: (child) => {
      if (sent || checkpoints(run).length === 0) return;
      sent = child.kill('SIGINT');
    },
    // Progress lines are rare without a terminal; more of them give more chances to interrupt.
    environment: { EIM_PROGRESS_SECONDS: '0.1' },
  });
  expect([stopped.code, stopped.out]).toEqual([130, '']);
  expect(stopped.err).toContain(`Go on with: eim train --resume ${run}`);
  expect(existsSync(join(run, 'model'))).toBe(false);
  const notYet = await eim(['eval', run]);
  expect(notYet.code).toBe(2);
  expect(notYet.err).toContain('holds no trained model yet');

  // As if the process of this test trained it: two would mix their checkpoints.
  const file = join(run, 'env.json');
  const environment = JSON.parse(readFileSync(file, 'utf8'));
  const { ended: _, ...session } = environment.sessions.at(-1);
  const own = {
    ...session,
    process: { id: process.pid, host: hostname() },
    startedAt: new Date().toISOString(),
  };
  writeFileSync(file, JSON.stringify({ ...environment, sessions: [own] }));
  expect(await eim(['train', '--resume', run])).toMatchObject({
    code: 2,
    err: expect.stringContaining(`${run} is being trained by process ${process.pid}`),
  });
  writeFileSync(file, JSON.stringify(environment));

  const resumed = await eim(['train', '--resume', run]);
  expect(resumed).toMatchObject({ code: 0, out: `${run}\n` });
  expect(weights(run).equals(uninterrupted)).toBe(true);
});

test('a second Ctrl-C ends at once', async () => {
  let count = 0;
  const stopped = await eim(['train', config, '--out', join(folder, 'twice')], {
    onStderr: (child, text) => {
      if (text.includes('step ') && count === 0) {
        count = 2;
        child.kill('SIGINT');
        setTimeout(() => child.kill('SIGINT'), 5);
      }
    },
    environment: { EIM_PROGRESS_SECONDS: '0.1' },
  });
  expect(stopped.code).toBe(130);
});

test('SIGKILL at any moment, saves included, loses nothing that was saved', async () => {
  const run = join(folder, 'killed');
  for (const delay of [0, 3, 7, 13]) {
    const before = checkpoints(run);
    let killed = false;
    const words = before.length === 0 ? ['train', config, '--out', run] : ['train', '--resume', run];
    const ended = await eim(words, {
      onStderr: (child) => {
        if (killed || checkpoints(run).join() === before.join()) return;
        killed = true;
        setTimeout(() => child.kill('SIGKILL'), delay);
      },
      environment: { EIM_PROGRESS_SECONDS: '0.05' },
    });
    expect(ended.signal).toBe('SIGKILL');
  }
  const resumed = await eim(['train', '--resume', run]);
  expect(resumed.code).toBe(0);
  expect(weights(run).equals(uninterrupted)).toBe(true);
});

test('a disk that fills up while saving is told, and what was saved can be resumed', async () => {
  const run = join(folder, 'full');
  const small = writeTinyConfig(folder, { name: 'small', plan: '{ preset: plain, steps: 4, batchSize: 4 }' });
  // The file size limit makes every write past it fail, as a full disk does, without filling one.
  const full = await eim(['train', small, '--out', run], { shell: 'trap "" XFSZ; ulimit -f 40; exec "$@"' });
  expect([full.code, full.out]).toEqual([1, '']);
  expect(full.err).toContain(join(run, 'checkpoints'));
  expect(full.err).toMatch(/larger than allowed|disk is full/);
  expect(full.err).not.toMatch(/\n\s+at /);
  expect(checkpoints(run)).toEqual([]);

  const sound = join(folder, 'sound');
  expect((await eim(['train', small, '--out', sound])).code).toBe(0);
  expect((await eim(['train', '--resume', run])).code).toBe(0);
  expect(weights(run).equals(weights(sound))).toBe(true);
});

test('a loss that is no number stops the run, names segment and step, and spoils no checkpoint', async () => {
  const run = join(folder, 'nan');
  const plan = '{ preset: plain, steps: 40, batchSize: 4, learningRate: 1e38 }';
  const ended = await eim(['train', writeTinyConfig(folder, { name: 'nan', plan }), '--out', run]);
  expect([ended.code, ended.out]).toEqual([1, '']);
  expect(ended.err).toMatch(/Segment 'joint', step \d+: the loss is (NaN|Infinity)|not finite/);
  expect(ended.err).toContain('Lower the learning rate');
  expect(ended.err).not.toMatch(/\n\s+at /);
});
