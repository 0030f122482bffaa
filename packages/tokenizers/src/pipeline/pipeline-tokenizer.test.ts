import { expect, test } from 'vitest';
import { createTokenizer } from '../create-tokenizer.js';
import fixture from './__fixtures__/pipeline.json' with { type: 'json' };

interface Row {
  readonly text: string;
  readonly parsed: number[];
  readonly plain?: number[];
  readonly around?: number[];
  readonly decoded: string;
}

const files = fixture.files.map(({ kind, changes, file, rows }) => ({
  json: { ...file, model: { ...fixture.models[kind as keyof typeof fixture.models], ...changes } },
  rows: rows as Row[],
}));

test.each(files.map((file, index) => [index, file] as const))(
  'every part of a file is applied as in the Python library, file %d',
  (_, { json, rows }) => {
    const [parsing, ordinary] = [createTokenizer(json, { parseSpecialTokens: true }), createTokenizer(json)];
    const copy = createTokenizer(JSON.parse(JSON.stringify(ordinary)));
    for (const { text, parsed, plain = parsed, around = parsed, decoded } of rows) {
      expect(parsing.encode(text), JSON.stringify(text)).toEqual(parsed);
      expect(ordinary.encode(text), JSON.stringify(text)).toEqual(plain);
      expect(copy.encode(text)).toEqual(plain);
      expect(parsing.addSpecialTokens(parsed)).toEqual(around);
      expect(parsing.decode(parsed)).toBe(decoded);
    }
  },
);

const { json } = files.find(({ json: { normalizer } }) => normalizer === null)!;
const split = (Regex: string) => ({ type: 'Split', pattern: { Regex }, behavior: 'Isolated', invert: false });
const token = { id: 360, content: '<x>', special: false };

test.each<[fault: string, changes: Record<string, unknown>, message: RegExp]>([
  ['truncation', { truncation: { max_length: 5 } }, /truncation should be off/],
  ['padding', { padding: { strategy: 'BatchLongest' } }, /padding should be off/],
  ['a field of a newer version', { extra: 1 }, /extra should be left out/],
  ['another model', { model: { ...json.model, type: 'Unigram' } }, /model\.type should be "BPE"/],
  ['dropout', { model: { ...json.model, dropout: 0.1 } }, /model\.dropout should be off/],
  [
    'an unknown field of the model',
    { model: { ...json.model, vowels: 1 } },
    /model\.vowels should be left out/,
  ],
  ['an unknown token that is none', { model: { ...json.model, unk_token: '<?>' } }, /model\.unk_token/],
  ['another normalizer', { normalizer: { type: 'Precompiled' } }, /normalizer\.type should be one of/],
  [
    'a field of a normalizer',
    { normalizer: { type: 'Sequence', normalizers: [{ type: 'NFC', lang: 'tr' }] } },
    /normalizer\.normalizers\[0\]\.lang should be left out/,
  ],
  [
    'another pre-tokenizer',
    { pre_tokenizer: { type: 'UnicodeScripts' } },
    /pre_tokenizer\.type should be one of/,
  ],
  [
    'a prepend scheme that contradicts the older field',
    {
      pre_tokenizer: {
        type: 'Metaspace',
        replacement: '_',
        add_prefix_space: false,
        prepend_scheme: 'first',
      },
    },
    /pre_tokenizer\.add_prefix_space/,
  ],
  ['repetitions of repetitions', { pre_tokenizer: split('(a+)+b') }, /pre_tokenizer\.pattern\.Regex/],
  ['looking behind', { pre_tokenizer: split('(?<=a)b') }, /pre_tokenizer\.pattern\.Regex/],
  ['back references', { pre_tokenizer: split('(a)\\1') }, /pre_tokenizer\.pattern\.Regex/],
  [
    'words, which the library counts in two ways',
    { pre_tokenizer: split('\\w+') },
    /pre_tokenizer\.pattern\.Regex/,
  ],
  [
    'two texts in a template',
    { post_processor: { type: 'TemplateProcessing', single: [], special_tokens: {} } },
    /post_processor\.single/,
  ],
  ['another decoder', { decoder: { type: 'WordPiece' } }, /decoder\.type/],
  [
    'an id that the library would not give',
    { added_tokens: [{ ...token, id: 900 }] },
    /added_tokens\[0\]\.id/,
  ],
  ['an unknown property', { added_tokens: [{ ...token, bold: true }] }, /added_tokens\[0\]\.bold/],
])('%s is refused by name', (_, changes, message) => {
  expect(() => createTokenizer({ ...json, ...changes })).toThrow(message);
});
