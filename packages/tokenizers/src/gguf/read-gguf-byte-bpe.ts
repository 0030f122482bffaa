import type { PublishedTokenizerOptions } from '../published/published-tokenizer.js';
import { GgufByteBpeTokenizer } from './gguf-byte-bpe-tokenizer.js';
import { ggufJson } from './gguf-json.js';
import type { GgufTokenizerMetadata } from './gguf-metadata.js';
import { ggufSurroundings } from './gguf-surroundings.js';
import { ggufTokenKinds, TOKEN_KIND } from './gguf-token-kinds.js';
import { type FoundToken, inOrderOfSearch } from './partition-at-tokens.js';
import { PRE_TOKENIZER_KINDS } from './pre-tokenizer-kinds.js';
import { PRE_TOKENIZER_RULES } from './pre-tokenizer-rules.js';

/** What llama.cpp takes for begin and end where a file of this kind names none. */
const DEFAULT_ID = 11;

/**
 * The byte-level BPE that a GGUF file carries, of any kind that llama.cpp knows.
 * @throws EimError `invalid-data` naming the key that does not fit, or a kind that is not known
 */
export function readGgufByteBpe(
  metadata: GgufTokenizerMetadata,
  options: PublishedTokenizerOptions,
): GgufByteBpeTokenizer {
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
  const kinds = ggufTokenKinds(metadata);
  const ids = (...wanted: readonly number[]) =>
    named.flatMap((_, id) => (wanted.includes(kinds[id]!) ? [id] : []));
  const special = new Map(ids(TOKEN_KIND.control, TOKEN_KIND.unknown).map((id) => [named[id]!, id]));
  const strips = stripping(metadata, name);
  const found = ids(TOKEN_KIND.control, TOKEN_KIND.unknown, TOKEN_KIND.userDefined).map(
    (id): FoundToken => ({ id, text: named[id]!, ...strips(named[id]!) }),
  );
  return new GgufByteBpeTokenizer(
    {
      tokens: named,
      merges,
      rule: PRE_TOKENIZER_RULES[kind.rule],
      ignoreMerges: kind.ignoreMerges ?? false,
      special,
      found: inOrderOfSearch(found),
      ...ggufSurroundings(metadata, {
        begin: kind.putsBegin ?? false,
        beginId: DEFAULT_ID,
        endId: DEFAULT_ID,
      }),
      json: ggufJson(metadata),
    },
    options,
  );
}

/** White space that tokens take in: no key says so, and llama.cpp knows it by the names of models. */
function stripping(metadata: GgufTokenizerMetadata, kind: string): (token: string) => Partial<FoundToken> {
  const model = String(metadata.values['general.name'] ?? '').toLowerCase();
  if (/jina-v2-(de|es|code)/.test(kind)) return (token) => ({ stripsLeft: token === '<mask>' });
  if (/phi-?3/.test(model)) {
    return (token) => ({ stripsRight: !['<unk>', '<s>', '<|endoftext|>'].includes(token) });
  }
  return (token) => ({ stripsLeft: model.includes('modern-bert') && token === '[MASK]' });
}
