import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import { openParaphrases } from './open-paraphrases.js';

const folder = mkdtempSync(join(tmpdir(), 'eim-paraphrases-'));
afterAll(() => rmSync(folder, { recursive: true }));
const cacheFolder = join(folder, 'cache');
const file = join(folder, 'paraphrase-en.gz');
const PAIRS = [
  ['big dog', 'hound'],
  ['big dog', 'large dog'],
  ['hound', 'big dog'],
  ['café', 'bar'],
];
writeFileSync(file, gzipSync(PAIRS.map((pair) => `0.5\n${pair.join('\n')}\n`).join('')));
const pairsOf = async (notes: string[] = []) => {
  const table = await openParaphrases(file, { cacheFolder, onNote: (note) => notes.push(note) });
  const phrases = [...new Set(PAIRS.flat())];
  return phrases.flatMap((phrase) =>
    Array.from(table.of(table.node(phrase)), (other) => [
      phrase,
      phrases.find((name) => table.node(name) === other),
    ]),
  );
};

test('a kept table is the table, and is read without the notice', async () => {
  const notes: string[] = [];
  const first = await pairsOf(notes);
  expect(first).toHaveLength(4);
  expect(first).toEqual(expect.arrayContaining(PAIRS));
  expect(notes).toHaveLength(1);
  expect(await pairsOf(notes)).toEqual(first);
  expect(notes).toHaveLength(1);
  expect(readdirSync(cacheFolder)).toHaveLength(1);
});

test('a kept table that was cut off or changed, anywhere, is made anew', async () => {
  const whole = await pairsOf();
  const kept = join(cacheFolder, readdirSync(cacheFolder)[0]!);
  const bytes = readFileSync(kept);
  for (let at = 0; at < bytes.length; at += 101) {
    const changed = Buffer.from(bytes);
    changed[at]! ^= 0x10;
    for (const broken of [changed, bytes.subarray(0, at)]) {
      writeFileSync(kept, broken);
      const notes: string[] = [];
      expect(await pairsOf(notes)).toEqual(whole);
      expect(notes, `byte ${at}`).toHaveLength(1);
    }
  }
  expect(readFileSync(kept)).toEqual(bytes);
});

test('where it cannot be kept it is used all the same, and that is said', async () => {
  const notes: string[] = [];
  const table = await openParaphrases(file, {
    cacheFolder: join(file, 'x'),
    onNote: (note) => notes.push(note),
  });
  expect(table.node('hound')).toBeGreaterThanOrEqual(0);
  expect(notes[1]).toMatch(/could not be kept/);
});
