import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { pairCaptions } from './pair-captions.js';
import { readCandidates } from './read-candidates.js';
import { readReferences } from './read-references.js';

const folder = mkdtempSync(join(tmpdir(), 'eim-score-'));
afterAll(() => rmSync(folder, { recursive: true }));
let count = 0;
const file = (content: unknown) => {
  const path = join(folder, `${count++}.json`);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
};

test('every published form of candidates reads the same', async () => {
  const forms = [
    [{ image_id: 7, caption: 'a dog' }],
    [{ image_id: '7', caption: 'a dog', id: 1 }],
    { 7: 'a dog' },
    { 7: ['a dog'] },
  ];
  for (const form of forms) expect([...(await readCandidates(file(form)))]).toEqual([['7', 'a dog']]);
});

test('every published form of references reads the same', async () => {
  const forms = [
    {
      images: [],
      annotations: [
        { id: 1, image_id: 7, caption: 'a' },
        { id: 2, image_id: 7, caption: 'b' },
      ],
    },
    { 7: ['a', 'b'] },
    [{ image_id: '7', refs: ['a', 'b'], test: 'x' }],
    [
      { image_id: 7, caption: 'a' },
      { image_id: 7, caption: 'b' },
    ],
  ];
  for (const form of forms) expect([...(await readReferences(file(form)))]).toEqual([['7', ['a', 'b']]]);
});

test.each([
  ['{"1": "a"', /is not valid JSON/],
  [3, /it holds a number/],
  [[], /no caption/],
  [[{ caption: 'a' }], /\[0\]\.image_id is missing/],
  [[{ image_id: 1, text: 'a' }], /\[0\]\.caption must be a text, not missing/],
  [
    [
      { image_id: 1, caption: 'a' },
      { image_id: '1', caption: 'b' },
    ],
    /image 1 has a second candidate at \[1\]\.caption/,
  ],
  [{ 1: ['a', 'b'] }, /"1" must be a text, not a list/],
])('candidates %j are refused by name and field', async (content, message) => {
  const path = file(content);
  await expect(readCandidates(path)).rejects.toThrow(message);
  await expect(readCandidates(path)).rejects.toThrow(path);
});

test.each([
  [{ 1: 'a' }, /"1" must be a list of texts/],
  [{ 1: [] }, /image 1 has no reference/],
  [[{ image_id: 1 }], /\[0\] has neither/],
  [{ annotations: [{ caption: 'a' }] }, /annotations\[0\]\.image_id is missing/],
  [[{ image_id: 1, refs: ['a', 4] }], /\[0\]\.refs\[1\] must be a text, not a number/],
])('references %j are refused by name and field', async (content, message) => {
  await expect(readReferences(file(content))).rejects.toThrow(message);
});

test('candidates and references must be of the same images', () => {
  const references = new Map([
    ['1', ['a']],
    ['2', ['b']],
  ]);
  const pair = (ids: string[], subset = false) =>
    pairCaptions(new Map(ids.map((id) => [id, 'x'])), references, { subset });
  expect(pair(['2', '1']).map(({ id }) => id)).toEqual(['2', '1']);
  expect(() => pair(['1', '3'])).toThrow('1 candidate is for images without references: 3');
  expect(() => pair(['1'])).toThrow('1 image has references and no candidate: 2');
  expect(pair(['1'], true)).toHaveLength(1);
});
