import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { findPictures, typedPath } from './message-pictures.js';

const folder = mkdtempSync(join(tmpdir(), 'eim-pictures-'));
afterAll(() => rmSync(folder, { recursive: true }));
mkdirSync(join(folder, 'my cats'));
const files = ['a.jpg', "it's.png", 'my cats/b (1).JPEG', 'dropped'];
for (const file of files) writeFileSync(join(folder, file), '');
const [a, its, b, dropped] = files.map((file) => join(folder, file)) as [string, string, string, string];

test.each<[message: string, text: string, pictures: readonly string[]]>([
  ['what is on a.jpg', 'what is on', [a]],
  [`'${b}' what is it?`, 'what is it?', [b]],
  [`"${b}" and ${a} differ how?`, 'and differ how?', [b, a]],
  [`${b.replace(/[ ()]/g, '\\$&')} `, '', [b]],
  [`'${its.replace("'", "'\\''")}' is what?`, 'is what?', [its]],
  [its.replace("'", "\\'"), '', [its]],
  [`what's ${pathToFileURL(b).href}`, "what's", [b]],
  [dropped, '', [dropped]],
  ['see https://x.org/c.png?size=2', 'see', ['https://x.org/c.png?size=2']],
  ['see https://x.org/page', 'see https://x.org/page', []],
  ["what's a .png, and isn't 'cat.jpg?' one", "what's a .png, and isn't 'cat.jpg?' one", []],
  ['what is cat.jpg', 'what is cat.jpg', []],
])('%j', (message, text, pictures) => {
  expect(findPictures(message, folder)).toEqual({ text, pictures });
});

test.each(['/nowhere/c.jpg what?', "'c.jpg'", './c.png'])('%j names no file', (message) => {
  expect(() => findPictures(message, folder)).toThrow(/c\.(jpg|png) does not exist/);
});

test('paths start from the folder, or from home', () => {
  expect(typedPath(' a\\ b.jpg ', '/p')).toBe('/p/a b.jpg');
  expect(typedPath('~/a.jpg', '/p')).not.toContain('~');
});
