import { LIBRARY_PRE_TOKENIZERS } from '../../hugging-face/library-pre-tokenizers.js';
import { readPostProcessor } from '../../pipeline/read-post-processor.js';
import type { AddedToken, ByteBpeJson } from '../../tokenizer-json.js';
import { TOKEN_KIND } from '../gguf-token-kinds.js';
import type { GgufKeys } from './gguf-keys.js';
import type { PaddedTokens } from './padded-tokens.js';
import { unwritable } from './unwritable.js';

/** llama.cpp's names of pre-tokenizers, by the rule that a `tokenizer.json` says and whether whole tokens are merged anew. */
const NAMES: Readonly<Record<string, { readonly merges?: string; readonly ignores?: string }>> = {
  gpt2: { merges: 'gpt-2' },
  digitsThenGpt2: { merges: 'smollm' },
  llama3: { merges: 'dbrx', ignores: 'llama-bpe' },
  qwen2: { merges: 'qwen2' },
};

/** The byte-level byte pairs of a `tokenizer.json`. */
export function keysOfLibraryJson(json: unknown, tokens: PaddedTokens): GgufKeys {
  const { model, added_tokens: added, normalizer, ...rest } = json as ByteBpeJson;
  if (normalizer !== null && normalizer !== undefined)
    throw unwritable(`its normalizer is ${(normalizer as { type: string }).type}`);
  const pre = preTokenizerName(rest.pre_tokenizer, model.ignore_merges === true);
  const { after } = readPostProcessor(rest.post_processor);
  const listed = new Map(
    Object.entries(model.vocab).map(([text, id]) => [id, { text, kind: TOKEN_KIND.normal as never }]),
  );
  for (const token of added) listed.set(token.id, { text: foundText(token), kind: kindOf(token) as never });
  return {
    'tokenizer.ggml.model': { type: 'string', value: 'gpt2' },
    'tokenizer.ggml.pre': { type: 'string', value: pre },
    ...tokens.keys(listed),
    'tokenizer.ggml.merges': {
      type: 'strings',
      value: model.merges.map((merge) => (typeof merge === 'string' ? merge : merge.join(' '))),
    },
    ...(after.length > 0 && { 'tokenizer.ggml.add_eos_token': { type: 'bool', value: true } as const }),
  };
}

const kindOf = ({ special }: AddedToken): number => (special ? TOKEN_KIND.control : TOKEN_KIND.userDefined);

/** llama.cpp knows by names of models alone that a token takes in the white space beside it. */
function foundText({ content, lstrip, rstrip, single_word }: AddedToken): string {
  if (!lstrip && !rstrip && !single_word) return content;
  throw unwritable(`the token ${content} takes in white space or is found as a single word alone`);
}

function preTokenizerName(said: unknown, ignoresMerges: boolean): string {
  const [rule] =
    Object.entries(LIBRARY_PRE_TOKENIZERS).find(([, known]) => canonical(known) === canonical(said)) ?? [];
  const name = rule === undefined ? undefined : NAMES[rule]![ignoresMerges ? 'ignores' : 'merges'];
  if (name !== undefined) return name;
  throw unwritable(`it splits texts by ${JSON.stringify(said)}, for which no name is known here`);
}

/** JSON with sorted fields; where offsets lie changes no id. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) =>
    typeof each === 'object' && each !== null && !Array.isArray(each)
      ? Object.fromEntries(
          Object.entries(each)
            .filter(([name]) => name !== 'trim_offsets')
            .sort(([a], [b]) => (a < b ? -1 : 1)),
        )
      : each,
  );
}
