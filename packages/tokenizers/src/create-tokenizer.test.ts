import { Tokenizer as LibraryTokenizer } from '@huggingface/tokenizers';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import trainedFile from './__fixtures__/tokenizer.json' with { type: 'json' };
import fixture from './__fixtures__/training.json' with { type: 'json' };
import { createTokenizer } from './create-tokenizer.js';
import { lowercase } from './pre-tokenize.js';
import { trainByteBpe } from './train-byte-bpe.js';

const cased = trainByteBpe(fixture.texts, { vocabularySize: 420, lowercase: false });
const lower = trainByteBpe(fixture.texts, { vocabularySize: 420 });
const text = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom(' ', '\n', "'s", 'dog', 'A', '12', '😀', '<|end|>', '<|', '\u0085', '\ud83d'),
  }),
);
/** What UTF-8 can hold: lone surrogates become U+FFFD. */
const wellFormed = (value: string) =>
  new TextDecoder('utf-8', { ignoreBOM: true }).decode(new TextEncoder().encode(value));

test.each([
  ['cased', cased],
  ['lowercase', lower],
] as const)('gives the ids and texts of the Python library, %s', (kind, json) => {
  const tokenizer = createTokenizer(json);
  for (const { text, ids, decoded } of fixture[kind].rows) {
    expect(tokenizer.encode(text), JSON.stringify(text)).toEqual(ids);
    expect(tokenizer.decode(ids)).toBe(decoded);
  }
});

test('gives the ids that the Python library gives for the file that this package writes', () => {
  const tokenizer = createTokenizer(trainedFile);
  for (const { text, ids, decoded } of fixture.written) {
    expect(tokenizer.encode(text), JSON.stringify(text)).toEqual(ids);
    expect(tokenizer.decode(ids)).toBe(decoded);
  }
});

test('the npm library reads the file and gives the same ids', () => {
  for (const json of [cased, lower]) {
    const library = new LibraryTokenizer(JSON.parse(JSON.stringify(json)) as object, {});
    const tokenizer = createTokenizer(json);
    for (const caption of fixture.texts) {
      expect(library.encode(caption).ids).toEqual(tokenizer.encode(caption));
    }
    expect(library.encode('a dog<|end|>', { add_special_tokens: false }).ids).toEqual([
      ...tokenizer.encode('a dog'),
      2,
    ]);
  }
});

test('any text survives a round trip', () => {
  const tokenizer = createTokenizer(cased);
  fc.assert(
    fc.property(text, (value) => {
      expect(tokenizer.decode(tokenizer.encode(value))).toBe(wellFormed(value));
    }),
    { numRuns: 2000 },
  );
});

test('with the lower-case option, any text comes back in lower case', () => {
  const tokenizer = createTokenizer(lower);
  fc.assert(
    fc.property(text, (value) => {
      expect(tokenizer.decode(tokenizer.encode(value))).toBe(wellFormed(lowercase(value)));
    }),
  );
});

test('text never becomes a special token, and special tokens never become text', () => {
  const tokenizer = createTokenizer(lower);
  expect(tokenizer.specialTokens).toEqual({ begin: 1, end: 2, pad: 0 });
  fc.assert(fc.property(text, (value) => tokenizer.encode(value).every((id) => id > 2)));
  expect(tokenizer.decode([1, ...tokenizer.encode('a dog'), 2, 0, 0])).toBe('a dog');
  expect(tokenizer.decode(tokenizer.encode('<|end|>'))).toBe('<|end|>');
  expect(tokenizer.decode([])).toBe('');
});

test('its own JSON gives the tokenizer again', () => {
  const copy = createTokenizer(JSON.parse(JSON.stringify(createTokenizer(cased))));
  expect(copy.vocabularySize).toBe(406);
  expect(copy.encode(fixture.texts[0]!)).toEqual(createTokenizer(cased).encode(fixture.texts[0]!));
});

test.each<[string, unknown, RegExp]>([
  ['no object', [], /tokenizer\.json should be an object, found \[\]/],
  [
    'another model',
    { ...cased, model: { ...cased.model, type: 'WordPiece' } },
    /model\.type should be "BPE"/,
  ],
  [
    'ids twice',
    { ...cased, model: { ...cased.model, vocab: { ...cased.model.vocab, a: 3 } } },
    /model\.vocab should be distinct/,
  ],
  ['a broken merge', { ...cased, model: { ...cased.model, merges: ['a'] } }, /model\.merges\[0\]/],
  [
    'a merge of unknown tokens',
    { ...cased, model: { ...cased.model, merges: ['qq toString'] } },
    /model\.merges\[0\]/,
  ],
  [
    'another normalizer',
    { ...cased, normalizer: { type: 'Nmt' } },
    /normalizer\.type should be one of Sequence, Lowercase, .*, found "Nmt"/,
  ],
  ['other pieces', { ...cased, pre_tokenizer: { type: 'BertPreTokenizer' } }, /pre_tokenizer\.type/],
  ['a broken added token', { ...cased, added_tokens: [{ id: 'x' }] }, /added_tokens\[0\]/],
])('%s is refused by field', (_, json, message) => {
  expect(() => createTokenizer(json)).toThrow(message);
});

test('a file without an end token encodes, and is refused where the end is asked for', () => {
  const tokenizer = createTokenizer({ ...cased, added_tokens: [] });
  expect(tokenizer.encode(fixture.texts[0]!)).toEqual(createTokenizer(cased).encode(fixture.texts[0]!));
  expect(() => tokenizer.specialTokens).toThrow(/which token ends a text/);
});

test('unknown ids and special tokens are refused by name', () => {
  expect(() => createTokenizer(cased).decode([420])).toThrow(/406 tokens has none with the id 420/);
  expect(() => createTokenizer(cased, { specialTokens: { end: '</s>' } })).toThrow(
    /no added token "<\/s>".*<\|pad\|>/,
  );
});
