import { expect, test } from 'vitest';
import published from '../__fixtures__/published.json' with { type: 'json' };
import { createTokenizer } from '../create-tokenizer.js';
import fixture from '../sentencepiece/__fixtures__/sentencepiece.json' with { type: 'json' };
import type { PieceKind } from '../sentencepiece/piece-vocabulary.js';
import { readSentencepieceModel } from '../sentencepiece/sentencepiece-model.js';
import llamaCpp from './__fixtures__/gguf-tokenizers.json' with { type: 'json' };
import { createGgufTokenizer } from './create-gguf-tokenizer.js';

const TYPES: readonly PieceKind[] = ['normal', 'unknown', 'control', 'user-defined', 'unused', 'byte'];

/** What llama.cpp's converter writes for a SentencePiece model. */
function sentencepieceMetadata(model: 'llama' | 'userDefined'): Record<string, unknown> {
  const file = new Uint8Array(Buffer.from(fixture[model].file, 'base64'));
  const { pieces } = readSentencepieceModel(file, 'tokenizer.model');
  return {
    'tokenizer.ggml.model': 'llama',
    'tokenizer.ggml.tokens': pieces.map(({ text }) => text),
    'tokenizer.ggml.scores': Float32Array.from(pieces, ({ score }) => score),
    'tokenizer.ggml.token_type': Int32Array.from(pieces, ({ kind }) => TYPES.indexOf(kind) + 1),
    'tokenizer.ggml.bos_token_id': 1,
    'tokenizer.ggml.eos_token_id': 2,
    'tokenizer.ggml.unknown_token_id': 0,
  };
}
const sentencepiece = sentencepieceMetadata('userDefined');

/** The same for a byte-level one of LLaMA 3's kind. */
const { model, added_tokens: added } = published.llama3.json;
const byteLevelTokens: string[] = [];
for (const [token, id] of Object.entries(model.vocab)) byteLevelTokens[id] = token;
for (const { content, id } of added) byteLevelTokens[id] = content;
const special = new Set(added.map(({ id }) => id));
const byteLevel = {
  'tokenizer.ggml.model': 'gpt2',
  'tokenizer.ggml.pre': 'llama-bpe',
  'tokenizer.ggml.tokens': byteLevelTokens,
  'tokenizer.ggml.merges': (model.merges as [string, string][]).map((pair) => pair.join(' ')),
  'tokenizer.ggml.token_type': Int32Array.from(byteLevelTokens, (_, id) => (special.has(id) ? 3 : 1)),
  'tokenizer.ggml.bos_token_id': added[0]!.id,
  'tokenizer.ggml.eos_token_id': added[1]!.id,
};

test("a GGUF file's SentencePiece gives the ids of its model", () => {
  const tokenizer = createGgufTokenizer(sentencepieceMetadata('llama'), 'model.gguf');
  expect(tokenizer.specialTokens).toEqual({ begin: 1, end: 2, pad: 0 });
  for (const { text, ids } of fixture.llama.rows) expect(tokenizer.encode(text)).toEqual(ids);
});

const { pieces } = llamaCpp;
type Variant = keyof typeof pieces.variants;
test.each(Object.keys(pieces.variants) as Variant[])(
  'a GGUF file’s pieces are read as in llama.cpp, %s',
  (name) => {
    const flags = Object.entries(pieces.flags[name]).map(([flag, on]) => [`tokenizer.ggml.${flag}`, on]);
    const model = name.startsWith('llama') ? 'llama' : 'userDefined';
    const metadata = { ...sentencepieceMetadata(model), ...Object.fromEntries(flags) };
    const { plain, parsed, begin, end } = pieces.variants[name];
    const open = (parseSpecialTokens: boolean) => {
      const made = createGgufTokenizer(metadata, 'model.gguf', { parseSpecialTokens });
      const copy = createTokenizer(JSON.parse(JSON.stringify(made)), { parseSpecialTokens });
      for (const text of pieces.texts) expect(copy.encode(text)).toEqual(made.encode(text));
      return made;
    };
    expect(pieces.texts.map((text) => open(false).encode(text))).toEqual(plain);
    expect(pieces.texts.map((text) => open(true).encode(text))).toEqual(parsed);
    expect(open(false).addSpecialTokens([7])).toEqual([...(begin ? [1] : []), 7, ...(end ? [2] : [])]);
  },
);

test("a GGUF file's byte-level BPE gives the ids of its tokenizer.json", () => {
  const tokenizer = createGgufTokenizer(byteLevel, 'model.gguf');
  expect(tokenizer.addSpecialTokens([7])).toEqual([added[0]!.id, 7]);
  for (const { text, ids, decoded } of published.llama3.rows) {
    expect(tokenizer.encode(text)).toEqual(ids);
    expect(tokenizer.decode(ids)).toBe(decoded);
  }
});

test.each<[fault: string, metadata: Record<string, unknown>, message: RegExp]>([
  ['without a tokenizer', {}, /has no tokenizer/],
  ['of another kind', { ...sentencepiece, 'tokenizer.ggml.model': 'bert' }, /of the kind "bert"/],
  [
    'without scores',
    { ...sentencepiece, 'tokenizer.ggml.scores': new Float32Array(3) },
    /`tokenizer\.ggml\.scores` that is not a list of 420 numbers/,
  ],
  ['that splits otherwise', { ...byteLevel, 'tokenizer.ggml.pre': 'qwen9' }, /splits text as "qwen9" does/],
  [
    'without an end',
    { ...byteLevel, 'tokenizer.ggml.eos_token_id': 2 ** 31 },
    /`tokenizer\.ggml\.eos_token_id` that is not an id below 346/,
  ],
])('a file %s is refused by name', (_, metadata, message) => {
  expect(() => createGgufTokenizer(metadata, 'model.gguf')).toThrow(message);
  expect(() => createGgufTokenizer(metadata, 'model.gguf')).toThrow(/^model\.gguf has/);
});
