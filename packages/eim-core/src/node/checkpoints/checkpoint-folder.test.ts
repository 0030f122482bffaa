import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCheckpointFolder } from './checkpoint-folder.js';
import { tinyCheckpoint } from './test-support/tiny-checkpoint.js';

const CHILD = fileURLToPath(new URL('./test-support/save-for-ever.ts', import.meta.url));

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'eim-checkpoints-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const child = (command: string) =>
  spawn(
    'sh',
    [
      '-c',
      `${command} exec "$0" --conditions=eim-source --import tsx "${CHILD}" "${folder}" 20000`,
      process.execPath,
    ],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );

describe('createCheckpointFolder', () => {
  it('keeps the last few and reads the latest', async () => {
    const store = createCheckpointFolder(folder, { keep: 2 });
    expect(await store.latest()).toBeUndefined();
    for (const step of [1, 2, 3]) await store.save(tinyCheckpoint(step));
    expect((await readdir(folder)).sort()).toEqual(['checkpoint-000002', 'checkpoint-000003']);
    expect(await store.latest()).toEqual(tinyCheckpoint(3));
  });

  it('passes over a damaged one and says so', async () => {
    const told: string[] = [];
    const store = createCheckpointFolder(folder, {
      onDamaged: (name, error) => told.push(`${name} ${error}`),
    });
    await store.save(tinyCheckpoint(1));
    await store.save(tinyCheckpoint(2));
    await truncate(join(folder, 'checkpoint-000002', 'optimizer.safetensors'), 60);
    expect((await store.latest())?.state.totalSteps).toBe(1);
    expect(told).toHaveLength(1);
    expect(told[0]).toMatch(/checkpoint-000002.*optimizer\.safetensors is damaged/);
    await writeFile(join(folder, 'checkpoint-000001', 'state.json'), '{}');
    await expect(store.latest()).rejects.toMatchObject({ code: 'invalid-file' });
  });

  it('holds a whole checkpoint whenever the process is killed while saving', async () => {
    const damaged: unknown[] = [];
    const store = createCheckpointFolder(folder, { onDamaged: (_name, error) => damaged.push(error) });
    let last = 0;
    for (let round = 0; round < 8; round += 1) {
      const running = child('');
      await new Promise((resolve) => running.stdout!.once('data', resolve));
      await new Promise((resolve) => setTimeout(resolve, 40 + round * 23));
      const ended = new Promise((resolve) => running.once('exit', resolve));
      running.kill('SIGKILL');
      await ended;
      const latest = await store.latest();
      const step = latest?.state.totalSteps ?? 0;
      expect(step).toBeGreaterThanOrEqual(last);
      for (const array of latest?.tensors.model ?? [])
        expect(array.data.every((value) => value === step)).toBe(true);
      last = step;
    }
    expect(last).toBeGreaterThan(1);
    expect(damaged).toEqual([]);
  });

  it('names the file when it cannot be written, and leaves the earlier checkpoint', async () => {
    const store = createCheckpointFolder(folder);
    await store.save(tinyCheckpoint(5));
    // The limit, in blocks of 512 bytes or 1 KiB, makes the system refuse the 80 kB file as a full disk would.
    const running = child('ulimit -f 40;');
    let output = '';
    running.stdout!.on('data', (piece) => {
      output += piece;
    });
    const code = await new Promise((resolve) => running.once('exit', resolve));
    expect(code).toBe(3);
    const error = JSON.parse(output.split('\n')[1]!);
    expect(error).toMatchObject({ code: 'storage-failed' });
    expect(error.message).toMatch(/model\.safetensors.*checkpoint-000001, is intact/s);
    expect(await readdir(folder)).toEqual(['checkpoint-000001']);
    expect((await store.latest())?.state.totalSteps).toBe(5);
    expect(await readFile(join(folder, 'checkpoint-000001', 'state.json'), 'utf8')).toContain(
      '"totalSteps": 5',
    );
  }, 60_000);
});
