import type { PublishedTokenizerOptions } from '../published/published-tokenizer.js';
import { type GgufByteBpeParts, GgufByteBpeTokenizer } from './gguf-byte-bpe-tokenizer.js';
import { ggufFoundTokens } from './gguf-found-tokens.js';
import { ggufJson } from './gguf-json.js';
import type { GgufTokenizerMetadata } from './gguf-metadata.js';
import { ggufSurroundings } from './gguf-surroundings.js';
import { PRE_TOKENIZER_KINDS } from './pre-tokenizer-kinds.js';
import { PRE_TOKENIZER_RULES } from './pre-tokenizer-rules.js';

/** What llama.cpp takes for begin and end where a file of this kind names none. */
const DEFAULT_ID = 11;

/**
 * The byte-level BPE that a GGUF file carries, of any kind that llama.cpp knows.
 * @throws EimError `invalid-data` naming the key that does not fit, or a kind that is not known
 */
export const readGgufByteBpe = (
  metadata: GgufTokenizerMetadata,
  options: PublishedTokenizerOptions,
): GgufByteBpeTokenizer => new GgufByteBpeTokenizer(ggufByteBpeParts(metadata), options);

/** What the keys say of such a tokenizer. @throws EimError as {@link readGgufByteBpe} */
export function ggufByteBpeParts(metadata: GgufTokenizerMetadata): GgufByteBpeParts {
  const { tokens } = metadata;
  const name = metadata.text('pre') || 'default';
  const kind = PRE_TOKENIZER_KINDS.get(name);
  if (!kind) {
    throw metadata.fault(
      `has a tokenizer that splits text as ${JSON.stringify(name)} does (tokenizer.ggml.pre)`,
    );
  }
  const merges = metadata.texts('merges') ?? (name === 'kimi-k2' ? [] : undefined);
  if (!merges) throw metadata.fault('has a byte-level tokenizer without `tokenizer.ggml.merges`');
  const named = tokens.map((token, id) => (token === '' ? `[EMPTY_${id}]` : token));
  if (new Set(named).size < named.length)
    throw metadata.fault('has a token twice in `tokenizer.ggml.tokens`');
  return {
    tokens: named,
    merges,
    rule: PRE_TOKENIZER_RULES[kind.rule],
    ignoreMerges: kind.ignoreMerges ?? false,
    found: ggufFoundTokens(metadata, named),
    ...ggufSurroundings(metadata, {
      begin: kind.putsBegin ?? false,
      beginId: DEFAULT_ID,
      endId: DEFAULT_ID,
    }),
    json: ggufJson(metadata),
  };
}
