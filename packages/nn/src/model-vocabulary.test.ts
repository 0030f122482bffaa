import type { Tokenizer } from '@eim/contracts';
import { expect, test } from 'vitest';
import { describedVocabulary, modelVocabulary } from './model-vocabulary.js';

const tokenizer: Tokenizer = {
  vocabularySize: 50,
  specialTokens: { begin: 10, end: 11, pad: 12 },
  encode: () => [],
  decode: () => '',
  toJSON: () => ({}),
};
const ids = (specialTokens: Record<string, number>, own?: Tokenizer) =>
  describedVocabulary('A', { vocabularySize: 50, specialTokens }, own).specialTokens;

test('a tokenizer counts before options, and a description before a tokenizer', () => {
  const options = { vocabularySize: 50, specialTokens: { begin: 1, end: 2, pad: 3 } };
  expect(modelVocabulary('A', options, tokenizer).specialTokens).toEqual(tokenizer.specialTokens);
  expect(describedVocabulary('A', options, tokenizer).specialTokens).toEqual(options.specialTokens);
  expect(describedVocabulary('A', { vocabularySize: 50 }, tokenizer).specialTokens).toEqual(
    tokenizer.specialTokens,
  );
});

test('what a description leaves out', () => {
  expect(ids({ end: 2 })).toEqual({ end: 2, pad: 2 });
  expect(ids({ begin: 1 }, tokenizer)).toEqual({ begin: 1, end: 11, pad: 11 });
  expect(ids({ begin: 1, pad: 3 })).toEqual({ begin: 1, end: 3, pad: 3 });
  expect(ids({ end: 50256 })).toEqual({ end: 50256, pad: 0 }); // rows are filled with an id that there is
});
