import { mkdtemp, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EimError } from '@eim/contracts';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { writeFileAtomically } from './write-file-atomically.js';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'eim-weights-'));
  path = join(folder, 'model.bin');
  await writeFile(path, 'earlier');
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true });
});

test('replaces a file by text, bytes or pieces and leaves nothing beside it', async () => {
  await writeFileAtomically(path, 'text');
  expect(await readFile(path, 'utf8')).toBe('text');
  await writeFileAtomically(path, Uint8Array.of(104, 105));
  expect(await readFile(path, 'utf8')).toBe('hi');
  await writeFileAtomically(path, [Uint8Array.of(97), new Uint8Array(0), Uint8Array.of(98)]);
  expect(await readFile(path, 'utf8')).toBe('ab');
  expect(await readdir(folder)).toEqual(['model.bin']);
});

/** Makes writes of every open file fail, after the first, as a full disk does. */
async function fillDisk(code: string): Promise<void> {
  const probe = await open(path, 'r');
  const prototype = Object.getPrototypeOf(probe) as typeof probe;
  await probe.close();
  const write = prototype.write as (...args: unknown[]) => Promise<never>;
  let writes = 0;
  vi.spyOn(prototype, 'write').mockImplementation(function (this: unknown, ...args: unknown[]) {
    if (writes++ === 0) return write.apply(this, args);
    return Promise.reject(Object.assign(new Error(`${code}: write`), { code }));
  } as never);
}

test('a full disk is named and the earlier file stays whole', async () => {
  await fillDisk('ENOSPC');
  const error = await writeFileAtomically(path, [Uint8Array.of(1), Uint8Array.of(2)]).catch(
    (e: unknown) => e,
  );
  expect(EimError.isInstance(error)).toBe(true);
  expect(error).toMatchObject({
    code: 'storage-failed',
    message: `Could not write ${path}: the disk is full (ENOSPC). The earlier file is intact.`,
  });
  expect(await readFile(path, 'utf8')).toBe('earlier');
  expect(await readdir(folder)).toEqual(['model.bin']);
});

test('a folder that is missing, or is a file, is named', async () => {
  await expect(writeFileAtomically(join(folder, 'nowhere', 'a.bin'), 'x')).rejects.toThrow(
    /nowhere.a\.bin: its folder does not exist \(ENOENT\)\. Nothing was left behind/,
  );
  await expect(writeFileAtomically(join(path, 'a.bin'), 'x')).rejects.toMatchObject({
    code: 'storage-failed',
  });
});

test('an error of the contents passes through and changes nothing', async () => {
  const fault = new EimError({ code: 'invalid-argument', message: 'Bad tensor.' });
  const pieces = (function* () {
    yield Uint8Array.of(1);
    throw fault;
  })();
  await expect(writeFileAtomically(path, pieces)).rejects.toBe(fault);
  expect(await readFile(path, 'utf8')).toBe('earlier');
  expect(await readdir(folder)).toEqual(['model.bin']);
});
