import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { inputHistory } from './input-history.js';

const folder = mkdtempSync(join(tmpdir(), 'eim-history-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('the newest lines are kept, and no more than the greatest number', async () => {
  const history = inputHistory({ EIM_CACHE: join(folder, 'cache') }, () => {});
  expect(await history.read()).toEqual([]);
  await history.write(Array.from({ length: history.size + 3 }, (_, index) => `line ${index}`));
  const kept = await history.read();
  expect([kept.length, kept[0], kept.at(-1)]).toEqual([history.size, 'line 0', `line ${history.size - 1}`]);
  expect(readFileSync(join(folder, 'cache/chat-history'), 'utf8').split('\n')).toHaveLength(history.size + 1);
});

test('a folder that cannot be written is told once', async () => {
  writeFileSync(join(folder, 'file'), '');
  const faults: string[] = [];
  const history = inputHistory({ EIM_CACHE: join(folder, 'file') }, (text) => faults.push(text));
  await history.write(['a']);
  await history.write(['b']);
  expect(faults).toEqual([expect.stringContaining('not kept')]);
});
