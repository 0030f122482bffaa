import type { Tokenizer } from '@eim/contracts';

const SPECIAL = ['<pad>', '<begin>', '<end>', '<unknown>'];

/** Whole words by a fixed list; words outside it are `<unknown>`. */
export function createTinyTokenizer(words: readonly string[]): Tokenizer {
  const vocabulary = [...SPECIAL, ...words];
  const ids = new Map(words.map((word, index) => [word, index + SPECIAL.length]));
  return {
    vocabularySize: vocabulary.length,
    specialTokens: { pad: 0, begin: 1, end: 2 },
    encode: (text) => (text.match(/\S+/g) ?? []).map((word) => ids.get(word) ?? 3),
    decode: (list) => list.flatMap((id) => (id < 3 ? [] : [vocabulary[id] ?? '<unknown>'])).join(' '),
    toJSON: () => ({
      version: '1.0',
      added_tokens: SPECIAL.map((content, id) => ({ id, content, special: true })),
      pre_tokenizer: { type: 'WhitespaceSplit' },
      model: {
        type: 'WordLevel',
        vocab: Object.fromEntries(vocabulary.map((word, id) => [word, id])),
        unk_token: '<unknown>',
      },
    }),
  };
}
