import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readQuestionDataset } from '@eim/datasets/node';
import { afterAll, expect, test } from 'vitest';
import { writeSceneFolder } from './write-scene-folder.js';

const home = mkdtempSync(join(tmpdir(), 'eim-scenes-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** Every file of a folder with its hash. */
const contents = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(folder, name)).isFile())
    .sort()
    .map((name) => [
      name,
      createHash('sha1')
        .update(readFileSync(join(folder, name)))
        .digest('hex'),
    ]);

const options = { splits: { test: 3 }, imageSize: 32 } as const;

test('a seed gives the same bytes, and a folder that is there is overwritten only when asked to', async () => {
  const [first, second] = [join(home, 'first'), join(home, 'second')];
  const events: number[] = [];
  const written = await writeSceneFolder(first, {
    layout: 'mme',
    ...options,
    onProgress: ({ done }) => events.push(done),
  });
  expect(written).toMatchObject({ folder: first, pictures: 12, lines: { 'count.txt': 6, 'tasks.txt': 4 } });
  expect(events).toEqual(Array.from({ length: 12 }, (_, index) => index + 1));
  await writeSceneFolder(second, { layout: 'mme', ...options });
  expect(contents(first)).toEqual(contents(second));
  await expect(writeSceneFolder(first, { layout: 'mme', ...options, seed: 9 })).rejects.toThrow(
    /holds scenes already.*--force/s,
  );
  expect(contents(first)).toEqual(contents(second));
  await writeSceneFolder(first, { layout: 'mme', ...options, seed: 9, overwrite: true });
  expect(contents(first)).not.toEqual(contents(second));
  expect(readdirSync(home).sort()).toEqual(['first', 'second']);
});

test('what is no folder of scenes is never overwritten, and an abort leaves everything as it was', async () => {
  const mine = mkdtempSync(join(home, 'mine-'));
  writeFileSync(join(mine, 'notes.txt'), 'mine');
  const chat = { layout: 'chat', ...options, overwrite: true } as const;
  await expect(writeSceneFolder(mine, chat)).rejects.toThrow(/no folder of scenes/);
  await expect(writeSceneFolder(join(mine, 'notes.txt'), chat)).rejects.toThrow(/is no folder/);
  expect(readdirSync(mine)).toEqual(['notes.txt']);
  const third = join(home, 'third');
  await writeSceneFolder(third, chat);
  const before = contents(third);
  const abort = new AbortController();
  const stopped = writeSceneFolder(third, {
    ...chat,
    seed: 4,
    signal: abort.signal,
    onProgress: () => abort.abort(new Error('stop')),
  });
  await expect(stopped).rejects.toThrow('stop');
  expect(contents(third)).toEqual(before);
  expect(readdirSync(home).filter((name) => name.startsWith('.'))).toEqual([]);
});

test('conversations are read with their pictures', async () => {
  const folder = join(home, 'chat');
  await writeSceneFolder(folder, { layout: 'chat', splits: { train: 4, val: 2 }, imageSize: 48 });
  const data = await readQuestionDataset({ path: folder });
  expect(data.splits.map((split) => data.split(split).length)).toEqual([4, 2]);
  expect(await data.split('val')[1]!.picture!.load()).toMatchObject({ width: 48, height: 48 });
});
