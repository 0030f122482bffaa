import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSpillFolder } from './spill-folder.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'eim-spill-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const record = (value: number) => new Uint8Array(6).fill(value);

describe('createSpillFolder', () => {
  it('reads what was written, in any order, and leaves nothing behind', async () => {
    const below = join(folder, 'not', 'there', 'yet');
    const open = createSpillFolder(below);
    const [first, second] = [await open(6), await open(6)];
    for (const index of [3, 0, 1]) await first.write(index, record(index));
    await second.write(0, record(9));
    const read = new Uint8Array(6);
    for (const index of [1, 3, 0]) {
      await first.read(index, read);
      expect(read).toEqual(record(index));
    }
    await second.read(0, read);
    expect(read).toEqual(record(9));
    await first.close();
    await second.close();
    expect(await readdir(below)).toEqual([]);
  });

  it.runIf(process.platform !== 'win32')(
    'has no name while it is open, so that a killed process leaves nothing',
    async () => {
      const file = await createSpillFolder(folder)(6);
      await file.write(0, record(1));
      expect(await readdir(folder)).toEqual([]);
      await file.close();
    },
  );

  it('says so where the file was cut off', async () => {
    const file = await createSpillFolder(folder)(6);
    await file.write(0, record(1));
    await expect(file.read(2, new Uint8Array(6))).rejects.toMatchObject({
      code: 'storage-failed',
      message: expect.stringContaining('0 of 6 bytes'),
      data: { folder, index: 2 },
    });
    await file.close();
  });

  it('says so where it cannot write', async () => {
    const file = await createSpillFolder(folder)(6);
    await file.close();
    await expect(file.write(0, record(1))).rejects.toMatchObject({
      code: 'storage-failed',
      message: expect.stringContaining(folder),
    });
  });

  it('rejects where the folder is a file', async () => {
    const path = join(folder, 'taken');
    await writeFile(path, '');
    await expect(createSpillFolder(path)(6)).rejects.toThrow();
  });
});
