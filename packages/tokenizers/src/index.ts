export {
  type ChatMessage,
  type ChatRenderOptions,
  type ChatTemplate,
  type ChatTemplateSource,
  createChatTemplate,
} from './chat/chat-template.js';
export { configChatTemplates, ggufChatTemplates } from './chat/chat-template-sources.js';
export { createTokenizer, type TokenizerOptions } from './create-tokenizer.js';
export { fixText } from './fix-text/fix-text.js';
export { createGgufTokenizer } from './gguf/create-gguf-tokenizer.js';
export type { GgufKeys } from './gguf/write/gguf-keys.js';
export { type GgufTokenizerOptions, ggufTokenizerKeys } from './gguf/write/gguf-tokenizer-keys.js';
export { gpt2TokenizerJson } from './gpt2-vocabulary.js';
export { type HuggingFaceTokenizer, huggingFaceTokenizer } from './hugging-face/hugging-face-tokenizer.js';
export { type ContextOptions, encodeForContext } from './published/encode-for-context.js';
export type { PublishedTokenizer, PublishedTokenizerOptions } from './published/published-tokenizer.js';
export { readLlama2cVocabulary } from './sentencepiece/llama2c-vocabulary.js';
export type { Piece, PieceKind, PieceVocabulary } from './sentencepiece/piece-vocabulary.js';
export { readSentencepieceModel } from './sentencepiece/sentencepiece-model.js';
export { SentencepieceTokenizer } from './sentencepiece/sentencepiece-tokenizer.js';
export { type SpecialTokenNames, TRAINED_SPECIALS } from './special-tokens.js';
export type { AddedToken, ByteBpeJson } from './tokenizer-json.js';
export { type ByteBpeTraining, trainByteBpe } from './train-byte-bpe.js';
