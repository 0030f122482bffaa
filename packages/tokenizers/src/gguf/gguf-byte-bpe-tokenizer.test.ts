import { expect, test } from 'vitest';
import { createTokenizer } from '../create-tokenizer.js';
import fixture from './__fixtures__/gguf-tokenizers.json' with { type: 'json' };
import { createGgufTokenizer } from './create-gguf-tokenizer.js';
import { PRE_TOKENIZER_KINDS } from './pre-tokenizer-kinds.js';

const tokens = fixture.tokens.split(' ');
const kinds = fixture.kinds.split(' ');
const metadata = (pre: string | undefined) => ({
  'tokenizer.ggml.model': 'gpt2',
  ...(pre !== undefined && { 'tokenizer.ggml.pre': pre }),
  'tokenizer.ggml.tokens': tokens,
  'tokenizer.ggml.token_type': Int32Array.from(tokens, (_, id) => (id === 0 ? 3 : 1)),
  'tokenizer.ggml.merges': fixture.merges,
  'tokenizer.ggml.bos_token_id': 0,
  'tokenizer.ggml.eos_token_id': 0,
});

test('knows every kind that llama.cpp names', () => {
  expect([...PRE_TOKENIZER_KINDS.keys()].sort()).toEqual([...kinds].sort());
});

test.each(kinds)('gives llama.cpp’s ids where a file splits text as %s', (kind) => {
  const tokenizer = createGgufTokenizer(metadata(kind), 'model.gguf');
  const column = kinds.indexOf(kind);
  for (const { text, ids, which } of fixture.rows) {
    expect(tokenizer.encode(text), JSON.stringify(text)).toEqual(ids[which[column]!]);
    expect(tokenizer.decode(tokenizer.encode(text))).toBe(text);
  }
  const puts = fixture.puttingBegin.split(' ').includes(kind);
  expect(tokenizer.addSpecialTokens([7])).toEqual(puts ? [0, 7] : [7]);
  expect(tokenizer.specialTokens.begin).toBe(puts ? 0 : undefined);
});

test('a file that does not say how it splits is split by default', () => {
  const [silent, named] = [undefined, 'default'].map((kind) => createGgufTokenizer(metadata(kind), 'a.gguf'));
  for (const { text } of fixture.rows) expect(silent!.encode(text)).toEqual(named!.encode(text));
});

const { lacking } = fixture;
type Variant = keyof typeof lacking.variants;
const variantMetadata = (name: Variant) => ({
  ...metadata(name),
  'tokenizer.ggml.tokens': lacking.tokens,
  'tokenizer.ggml.token_type': Int32Array.from(lacking.types),
  ...Object.fromEntries(
    Object.entries(lacking.flags[name]).map(([flag, on]) => [`tokenizer.ggml.${flag}`, on]),
  ),
});

test.each(Object.keys(lacking.variants) as Variant[])(
  'bytes and merges without tokens, and added tokens, are llama.cpp’s, %s',
  (name) => {
    const { plain, parsed, begin, end } = lacking.variants[name];
    const open = (parseSpecialTokens: boolean) => {
      const made = createGgufTokenizer(variantMetadata(name), 'model.gguf', { parseSpecialTokens });
      // what it writes of itself gives it again
      const copy = createTokenizer(JSON.parse(JSON.stringify(made)), { parseSpecialTokens });
      for (const text of lacking.texts) expect(copy.encode(text)).toEqual(made.encode(text));
      expect(copy.addSpecialTokens([])).toEqual(made.addSpecialTokens([]));
      return made;
    };
    expect(lacking.texts.map((text) => open(false).encode(text))).toEqual(plain);
    expect(lacking.texts.map((text) => open(true).encode(text))).toEqual(parsed);
    expect(open(false).addSpecialTokens([7])).toEqual([...(begin ? [0] : []), 7, ...(end ? [0] : [])]);
  },
);

test.each<[fault: string, changes: Record<string, unknown>, message: RegExp]>([
  [
    'of an unknown kind',
    { 'tokenizer.ggml.pre': 'gemma4' },
    /splits text as "gemma4" does \(tokenizer\.ggml\.pre\)/,
  ],
  ['whose kind is no text', { 'tokenizer.ggml.pre': 3 }, /`tokenizer\.ggml\.pre` that is not a text/],
  ['without merges', { 'tokenizer.ggml.merges': undefined }, /without `tokenizer\.ggml\.merges`/],
  [
    'with a flag of another type',
    { 'tokenizer.ggml.add_bos_token': 1 },
    /`tokenizer\.ggml\.add_bos_token`.*true or false/,
  ],
  [
    'with an id beyond its tokens',
    { 'tokenizer.ggml.bos_token_id': 9999 },
    /`tokenizer\.ggml\.bos_token_id`/,
  ],
  ['with a token twice', { 'tokenizer.ggml.tokens': [...tokens.slice(0, -1), tokens[1]] }, /a token twice/],
])('a file %s is refused by name', (_, changes, message) => {
  expect(() => createGgufTokenizer({ ...metadata('gpt-2'), ...changes }, 'model.gguf')).toThrow(message);
});
