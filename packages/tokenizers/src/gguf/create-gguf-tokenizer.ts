import type { PublishedTokenizer, PublishedTokenizerOptions } from '../published/published-tokenizer.js';
import { GgufTokenizerMetadata } from './gguf-metadata.js';
import { readGgufByteBpe } from './read-gguf-byte-bpe.js';
import { readGgufSentencepiece } from './read-gguf-sentencepiece.js';

/**
 * The tokenizer that a GGUF file carries in its metadata (ggml-org/ggml, docs/gguf.md, `tokenizer.ggml.*`):
 * SentencePiece's BPE ("llama"), or byte-level BPE ("gpt2") of any kind that llama.cpp knows by `tokenizer.ggml.pre`.
 * Begin and end tokens go around a text as `add_bos_token` and `add_eos_token` say.
 * @param file for messages
 * @throws EimError `invalid-data` where there is none, or naming the key of another kind
 * @example
 * const tokenizer = createGgufTokenizer(weights.metadata, 'model.gguf');
 * tokenizer.addSpecialTokens(tokenizer.encode('The sea is'));
 */
export function createGgufTokenizer(
  metadata: Readonly<Record<string, unknown>>,
  file: string,
  options: PublishedTokenizerOptions = {},
): PublishedTokenizer {
  const reader = new GgufTokenizerMetadata(metadata, file);
  const kind = reader.text('model');
  if (kind === 'llama') return readGgufSentencepiece(reader, options);
  if (kind === 'gpt2') return readGgufByteBpe(reader, options);
  throw reader.fault(`has a tokenizer of the kind ${JSON.stringify(kind)} (tokenizer.ggml.model)`);
}
