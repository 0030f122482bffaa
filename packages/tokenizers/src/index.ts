export { createTokenizer, type TokenizerOptions } from './create-tokenizer.js';
export { gpt2TokenizerJson } from './gpt2-vocabulary.js';
export { type SpecialTokenNames, TRAINED_SPECIALS } from './special-tokens.js';
export type { AddedToken, ByteBpeJson } from './tokenizer-json.js';
export { type ByteBpeTraining, trainByteBpe } from './train-byte-bpe.js';
