import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import fixture from './__fixtures__/published.json' with { type: 'json' };
import { createTokenizer } from './create-tokenizer.js';
import { openTokenizer } from './node/open-tokenizer.js';
import { encodeForContext } from './published/encode-for-context.js';

const folder = mkdtempSync(join(tmpdir(), 'eim-tokenizers-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const write = (name: string, contents: string | Uint8Array) => {
  writeFileSync(join(folder, name), contents);
  return join(folder, name);
};

const clip = write('bpe_simple_vocab.txt.gz', Buffer.from(fixture.clip.file, 'base64'));
mkdirSync(join(folder, 'clip'));
write('clip/vocab.json', JSON.stringify(fixture.clip.json.model.vocab));
write(
  'clip/merges.txt',
  `#version: 0.2\n${fixture.clip.json.model.merges.map((pair) => pair.join(' ')).join('\n')}\n`,
);

test.each([
  ['its own vocabulary file', () => openTokenizer(clip)],
  ['vocab.json and merges.txt', () => openTokenizer(join(folder, 'clip'))],
  ['tokenizer.json', async () => createTokenizer(fixture.clip.json)],
  [
    'what it wrote itself',
    async () => createTokenizer(JSON.parse(JSON.stringify(await openTokenizer(clip)))),
  ],
])("gives the ids of CLIP's original from %s", async (_, open) => {
  const tokenizer = await open();
  for (const { text, ids } of fixture.clip.rows)
    expect(tokenizer.encode(text), JSON.stringify(text)).toEqual(ids);
});

test.each([
  ['its own vocabulary file', () => openTokenizer(clip, { variant: 'hf' })],
  ['tokenizer.json', async () => createTokenizer(fixture.clip.json, { variant: 'hf' })],
])("gives the ids of CLIP's port from %s", async (_, open) => {
  const tokenizer = await open();
  for (const { text, hf } of fixture.clip.rows)
    expect(tokenizer.encode(text), JSON.stringify(text)).toEqual(hf);
});

test('a letter in upper case alone, U+0345, is nothing to CLIP’s original, whose pattern ignores case', async () => {
  const [original, port] = [await openTokenizer(clip), await openTokenizer(clip, { variant: 'hf' })];
  expect(original.encode('a \u0345 dog \u0345')).toEqual(original.encode('a dog'));
  expect(port.encode('a \u0345').length).toBeGreaterThan(port.encode('a').length);
});

test('CLIP ids decode to the cleaned text, and encode again to themselves', async () => {
  const tokenizer = await openTokenizer(clip);
  expect(tokenizer.decode(tokenizer.encode(' A  DOG runs, &amp;amp; “sits” '))).toBe(
    'a dog runs , & " sits "',
  );
  for (const { ids } of fixture.clip.rows) expect(tokenizer.encode(tokenizer.decode(ids))).toEqual(ids);
});

test.each(['llama', 'llamaNew', 'llama3'] as const)(
  "gives the Python library's ids and texts for tokenizer.json, %s",
  (kind) => {
    const tokenizer = createTokenizer(fixture[kind].json);
    for (const { text, ids, decoded } of fixture[kind].rows) {
      expect(tokenizer.encode(text), JSON.stringify(text)).toEqual(ids);
      expect(tokenizer.decode(ids), JSON.stringify(text)).toBe(decoded);
    }
  },
);

test('text that spells a special token is text, unless asked for', async () => {
  const open = (parseSpecialTokens: boolean) => [
    createTokenizer(fixture.clip.json, { parseSpecialTokens }),
    createTokenizer(fixture.clip.json, { parseSpecialTokens, variant: 'hf' }),
    createTokenizer(fixture.llama.json, { parseSpecialTokens }),
    createTokenizer(fixture.llama3.json, { parseSpecialTokens }),
  ];
  for (const tokenizer of open(false)) {
    for (const [name, id] of tokenizer.namedSpecialTokens)
      expect(tokenizer.encode(`a ${name} b`)).not.toContain(id);
  }
  for (const tokenizer of open(true)) {
    for (const [name, id] of tokenizer.namedSpecialTokens) {
      const ids = tokenizer.encode(`a ${name} b`);
      expect(ids, name).toContain(id);
      expect(tokenizer.decode(ids)).toMatch(/^a\s+b$/);
    }
  }
});

test('special tokens go around a text as in each family', () => {
  const clipTokenizer = createTokenizer(fixture.clip.json);
  const { begin, end } = clipTokenizer.specialTokens;
  expect(clipTokenizer.addSpecialTokens([7])).toEqual([begin, 7, end]);
  const llama = createTokenizer(fixture.llama.json);
  expect(llama.specialTokens).toEqual({ begin: 1, end: 2, pad: 0 });
  expect(llama.addSpecialTokens([7])).toEqual([1, 7]);
  const llama3 = createTokenizer(fixture.llama3.json);
  expect(llama3.addSpecialTokens([7])).toEqual([llama3.specialTokens.begin, 7]);
});

test('rows are filled, cut, or refused at the length of the context', () => {
  const tokenizer = createTokenizer(fixture.clip.json);
  const { begin, end } = tokenizer.specialTokens;
  const ids = tokenizer.encode('red dog');
  expect(encodeForContext(tokenizer, 'red dog', { contextLength: ids.length + 4 })).toEqual([
    begin,
    ...ids,
    end,
    0,
    0,
  ]);
  const long = 'red dog '.repeat(50);
  const cut = encodeForContext(tokenizer, long, { contextLength: 77, truncate: true });
  expect(cut).toHaveLength(77);
  expect([cut[0], cut[76]]).toEqual([begin, end]);
  expect(() => encodeForContext(tokenizer, long, { contextLength: 77 })).toThrow(
    /tokens does not fit into .* 77/,
  );
});

test.each<[fault: string, json: unknown, message: RegExp]>([
  [
    'a normaliser that is not exact',
    { ...fixture.llama.json, normalizer: { type: 'Precompiled' } },
    /normalizer\.type should be/,
  ],
  [
    'another splitting',
    {
      ...fixture.llama3.json,
      pre_tokenizer: { type: 'Sequence', pretokenizers: [{ type: 'BertPreTokenizer' }] },
    },
    /pre_tokenizer\.pretokenizers\[0\]\.type/,
  ],
  [
    'merges of unknown tokens',
    { ...fixture.llama.json, model: { ...fixture.llama.json.model, merges: ['qq zz'] } },
    /merges\[0\]/,
  ],
  [
    'ids that are no numbers',
    { ...fixture.llama.json, model: { ...fixture.llama.json.model, vocab: { a: 'b' } } },
    /model\.vocab/,
  ],
  [
    'a CLIP vocabulary without bytes',
    { model: { ...fixture.clip.json.model, vocab: { a: 1 } } },
    /no token for/,
  ],
])('%s is refused by field', (_, json, message) => {
  expect(() => createTokenizer(json)).toThrow(message);
});

test('files that are no tokenizers are refused by name', async () => {
  await expect(openTokenizer(join(folder, 'nowhere'))).rejects.toMatchObject({ code: 'missing-file' });
  await expect(openTokenizer(`${join(folder, 'a')},${join(folder, 'b')}`)).rejects.toThrow(
    /a does not exist/,
  );
  mkdirSync(join(folder, 'empty'));
  await expect(openTokenizer(join(folder, 'empty'))).rejects.toThrow(
    /empty holds no tokenizer. Expected tokenizer/,
  );
  await expect(openTokenizer(write('cut.json', '{"model":'))).rejects.toThrow(
    /cut\.json: it is not valid JSON/,
  );
  await expect(openTokenizer(write('cut.gz', Uint8Array.of(31, 139, 8, 0)))).rejects.toThrow(
    /cannot be unpacked/,
  );
  await expect(openTokenizer(write('short.bin', Uint8Array.of(1, 2)))).rejects.toThrow(/cut off at piece 0/);
  await expect(openTokenizer(write('text.model', 'some text'))).rejects.toThrow(/as a SentencePiece model/);
});
