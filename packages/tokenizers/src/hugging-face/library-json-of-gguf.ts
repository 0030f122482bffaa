import type { GgufByteBpeParts } from '../gguf/gguf-byte-bpe-tokenizer.js';
import { GgufTokenizerMetadata } from '../gguf/gguf-metadata.js';
import { PRE_TOKENIZER_RULES, type PreTokenizerRuleName } from '../gguf/pre-tokenizer-rules.js';
import { ggufByteBpeParts } from '../gguf/read-gguf-byte-bpe.js';
import { isMergeOf } from '../tokenizer-json.js';
import { LIBRARY_PRE_TOKENIZERS } from './library-pre-tokenizers.js';
import { templateAround } from './template-around.js';
import { unwritable } from './unwritable.js';

/**
 * The byte pairs of a GGUF file as a `tokenizer.json`.
 * @throws EimError `invalid-argument` naming the kind of pre-tokenizer that is not written
 */
export function libraryJsonOfGguf(metadata: Readonly<Record<string, unknown>>): unknown {
  const parts = ggufByteBpeParts(new GgufTokenizerMetadata(metadata, 'tokenizer.json'));
  const vocab = Object.fromEntries(parts.tokens.map((token, id) => [token, id]));
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: [...parts.found]
      .sort((a, b) => a.id - b.id)
      .map(({ id, text, special, stripsLeft = false, stripsRight = false }) => ({
        id,
        content: text,
        single_word: false,
        lstrip: stripsLeft,
        rstrip: stripsRight,
        normalized: false,
        special,
      })),
    normalizer: null,
    pre_tokenizer: preTokenizer(parts),
    post_processor: templateAround(parts.surroundings, parts.tokens),
    decoder: LIBRARY_PRE_TOKENIZERS.gpt2,
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: parts.ignoreMerges,
      vocab,
      // the library refuses a merge that makes no token, which no text reaches either
      merges: parts.merges.map((merge) => merge.split(' ')).filter((pair) => isMergeOf(vocab, pair)),
    },
  };
}

function preTokenizer({ rule }: GgufByteBpeParts): object {
  const rules = Object.entries(PRE_TOKENIZER_RULES) as [PreTokenizerRuleName, unknown][];
  const [name] = rules.find(([, steps]) => steps === rule)!;
  const written = LIBRARY_PRE_TOKENIZERS[name];
  if (written) return written;
  throw unwritable(`it splits texts by llama.cpp's rule ${name}`);
}
