import fc from 'fast-check';
import { expect, test } from 'vitest';
import fixture from './__fixtures__/sentencepiece.json' with { type: 'json' };
import { readSentencepieceModel } from './sentencepiece-model.js';
import { SentencepieceTokenizer } from './sentencepiece-tokenizer.js';

const KINDS = ['llama', 'userDefined', 'unknown', 'spaces'] as const;
const bytesOf = (base64: string) => new Uint8Array(Buffer.from(base64, 'base64'));
const read = (kind: (typeof KINDS)[number], parseSpecialTokens = false) =>
  new SentencepieceTokenizer(readSentencepieceModel(bytesOf(fixture[kind].file), 'tokenizer.model'), {
    parseSpecialTokens,
  });

test.each(KINDS)('gives the ids and texts of SentencePiece, %s', (kind) => {
  const tokenizer = read(kind);
  const { special, rows, decoded } = fixture[kind];
  const [unknown, begin, end, pad] = special;
  expect(tokenizer.specialTokens).toEqual({ begin, end, pad: pad === -1 ? unknown : pad });
  for (const { text, ids, decoded } of rows) {
    expect(tokenizer.encode(text), JSON.stringify(text)).toEqual(ids);
    expect(tokenizer.decode(ids), JSON.stringify(text)).toBe(decoded);
  }
  for (const { ids, decoded: text } of decoded) expect(tokenizer.decode(ids), String(ids)).toBe(text);
});

test('any text survives a round trip through bytes', () => {
  const tokenizer = read('llama');
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom(' ', 'dog', '<s>', '日', '\n', '\u0000', '😀', '\ud83d') }),
  );
  fc.assert(
    fc.property(text, (value) => {
      const wellFormed = value.replace(/\p{Surrogate}/gu, '\ufffd').replaceAll('\u2581', ' ');
      expect(tokenizer.decode(tokenizer.encode(value))).toBe(wellFormed);
    }),
    { numRuns: 200 },
  );
});

test('special tokens are parsed only where asked for, and added around a text', () => {
  const text = '<s>a dog</s>';
  expect(read('llama').encode(text)).not.toContain(1);
  const parsing = read('llama', true);
  expect(parsing.encode(text)).toEqual([1, ...parsing.encode('a dog'), 2]);
  expect(parsing.addSpecialTokens([7])).toEqual([1, 7]);
  expect(parsing.decode([1, ...parsing.encode('a dog'), 2])).toBe('a dog');
});

test('a word of 60,000 characters is no trouble', () => {
  const tokenizer = read('llama');
  expect(tokenizer.decode(tokenizer.encode('dog'.repeat(20_000)))).toHaveLength(60_000);
});

test.each<[fault: string, bytes: Uint8Array, message: RegExp]>([
  ['of the unigram algorithm', bytesOf(fixture.refused.unigram), /its algorithm is unigram, and only BPE/],
  ['that rewrites characters', bytesOf(fixture.refused.normalised), /rewrites characters before splitting/],
  ['that is empty', new Uint8Array(0), /has no pieces/],
  ['cut off', bytesOf(fixture.llama.file).subarray(0, 1000), /it is cut off/],
  ['of text', new TextEncoder().encode('a b c'), /as a SentencePiece model/],
])('a model %s is refused', (_, bytes, message) => {
  expect(() => readSentencepieceModel(bytes, 'evil.model')).toThrow(message);
  expect(() => readSentencepieceModel(bytes, 'evil.model')).toThrow(/^evil\.model: /);
});

test('ids that are not there are refused', () => {
  expect(() => read('llama').decode([420])).toThrow('420 tokens has none with the id 420');
});
