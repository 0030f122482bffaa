import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import fixture from './__fixtures__/published-ids.json' with { type: 'json' };
import { openTokenizer } from './node/open-tokenizer.js';
import type { PublishedTokenizer } from './published/published-tokenizer.js';

const data = resolve(import.meta.dirname, '../../..', process.env.EIM_DATA ?? '../shared/data');
const folder = join(data, 'tokenizers');
const absent = !existsSync(folder);
const why = absent ? ` (skipped: no ${folder})` : '';

type Name = 'clip' | 'clipHf' | 'llama' | 'gpt2';

const PUBLISHED: Readonly<Record<Name, () => Promise<PublishedTokenizer>>> = {
  clip: () => openTokenizer(join(folder, 'clip_bpe_simple_vocab_16e6.txt.gz')),
  clipHf: () => openTokenizer(join(folder, 'clip_bpe_simple_vocab_16e6.txt.gz'), { variant: 'hf' }),
  llama: () => openTokenizer(join(folder, 'llama2_tokenizer.model')),
  gpt2: () => openTokenizer(`${join(folder, 'gpt2_encoder.json')},${join(folder, 'gpt2_vocab.bpe')}`),
};
const names = Object.keys(PUBLISHED) as Name[];
const opened = new Map<Name, Promise<PublishedTokenizer>>();
const open = (name: Name) => {
  if (!opened.has(name)) opened.set(name, PUBLISHED[name]());
  return opened.get(name)!;
};

test.skipIf(absent).each(names)(`published ids of hard texts: %s${why}`, async (name) => {
  const tokenizer = await open(name);
  for (const row of fixture.rows)
    expect(tokenizer.encode(row.text), JSON.stringify(row.text)).toEqual(row[name]);
});

test.skipIf(absent)(
  `llama2.c's vocabulary gives LLaMA's ids where no U+2581 or U+0000 is in the text${why}`,
  async () => {
    const tokenizer = await openTokenizer(join(folder, 'llama2_tokenizer.bin'));
    expect(tokenizer.specialTokens).toEqual({ begin: 1, end: 2, pad: 0 });
    for (const { text, llama } of fixture.rows) {
      if (/[\u2581\0]/.test(text)) continue;
      expect(tokenizer.encode(text), JSON.stringify(text)).toEqual(llama);
      expect(tokenizer.decode(llama)).toBe(text);
    }
  },
);

/** Every distinct string of a JSON document, in the order in which they come. */
function stringsOf(value: unknown, found = new Set<string>()): Set<string> {
  if (typeof value === 'string') found.add(value);
  else if (typeof value === 'object' && value !== null) {
    for (const item of Object.values(value)) stringsOf(item, found);
  }
  return found;
}

/** Words of 10 kB and more, as the script that made the digests has them. */
const LONG_WORDS = ['x', 'banana', '日本', '😀', 'aB1', "it's", '\u0301e', '!?'].map((part) =>
  part.repeat(Math.ceil(10_240 / part.length)),
);

function textsOf(file: string): string[] {
  if (file === 'long words') return LONG_WORDS;
  return [...stringsOf(JSON.parse(readFileSync(join(data, file), 'utf8')))];
}

const corpora = Object.entries(fixture.digests);
test.skipIf(absent).each(corpora)(`published ids of every text of %s${why}`, async (file, expected) => {
  const texts = textsOf(file);
  expect(texts).toHaveLength(expected.texts);
  for (const name of names) {
    const tokenizer = await open(name);
    const digest = createHash('sha256');
    for (const text of texts) digest.update(`${tokenizer.encode(text).join(',')}\n`);
    expect(digest.digest('hex'), name).toBe(expected[name]);
  }
});
