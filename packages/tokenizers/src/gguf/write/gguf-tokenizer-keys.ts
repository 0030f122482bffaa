import type { ExportedGgufValue, Tokenizer } from '@eim/contracts';
import { isClipJson } from '../../clip/clip-json.js';
import { isSentencepieceJson, vocabularyOfJson } from '../../sentencepiece/sentencepiece-json.js';
import { isGgufJson } from '../gguf-json.js';
import type { GgufKeys } from './gguf-keys.js';
import { keysOfGguf } from './keys-of-gguf.js';
import { keysOfLibraryJson } from './keys-of-library-json.js';
import { keysOfPieces } from './keys-of-pieces.js';
import { PaddedTokens } from './padded-tokens.js';
import { unwritable } from './unwritable.js';

export interface GgufTokenizerOptions {
  /** Rows of the model's table; tokens that the tokenizer lacks are unused ones. */
  readonly vocabularySize: number;
  /** Ids that end an answer. */
  readonly stopTokens: readonly number[];
  /** Chat templates by name; `default` is the one that counts. */
  readonly chatTemplates?: ReadonlyMap<string, string> | undefined;
}

/**
 * The keys `tokenizer.*` by which llama.cpp reads texts as a tokenizer of ours does.
 * @throws EimError `invalid-argument` naming what of it llama.cpp has no key for
 * @example
 * const { vocabularySize, stopTokens } = llm;
 * const keys = ggufTokenizerKeys(tokenizer, { vocabularySize, stopTokens });
 */
export function ggufTokenizerKeys(
  tokenizer: Tokenizer,
  { vocabularySize, stopTokens, chatTemplates }: GgufTokenizerOptions,
): GgufKeys {
  const tokens = new PaddedTokens(vocabularySize);
  const { begin, end, pad } = tokenizer.specialTokens;
  const id = (value: number): ExportedGgufValue => ({ type: 'uint32', value });
  const [turn, message, ...more] = stopTokens.filter((one) => one !== end);
  if (more.length > 0)
    throw unwritable(`${stopTokens.length} tokens end an answer, and it has keys for three`);
  return {
    ...keysOf(tokenizer.toJSON(), tokens),
    ...(begin !== undefined && { 'tokenizer.ggml.bos_token_id': id(begin) }),
    'tokenizer.ggml.eos_token_id': id(end),
    'tokenizer.ggml.padding_token_id': id(pad),
    ...(turn !== undefined && { 'tokenizer.ggml.eot_token_id': id(turn) }),
    ...(message !== undefined && { 'tokenizer.ggml.eom_token_id': id(message) }),
    'tokenizer.ggml.add_bos_token': { type: 'bool', value: begin !== undefined },
    ...Object.fromEntries(
      [...(chatTemplates ?? [])].map(([name, value]) => [
        `tokenizer.chat_template${name === 'default' ? '' : `.${name}`}`,
        { type: 'string', value } as const,
      ]),
    ),
  };
}

function keysOf(json: unknown, tokens: PaddedTokens): GgufKeys {
  if (isGgufJson(json)) return keysOfGguf(json.metadata, tokens);
  if (isSentencepieceJson(json)) return keysOfPieces(vocabularyOfJson(json), tokens);
  if (isClipJson(json)) throw unwritable('CLIP’s tokenizer repairs texts before it splits them');
  return keysOfLibraryJson(json, tokens);
}
