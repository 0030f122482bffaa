import type { Tokenizer } from '@eim/contracts';
import { isClipJson } from '../clip/clip-json.js';
import { isGgufJson } from '../gguf/gguf-json.js';
import { isSentencepieceJson, vocabularyOfJson } from '../sentencepiece/sentencepiece-json.js';
import { libraryJsonOfGguf } from './library-json-of-gguf.js';
import { libraryJsonOfPieces } from './library-json-of-pieces.js';
import { unwritable } from './unwritable.js';

/** What Python's libraries read of a tokenizer. */
export interface HuggingFaceTokenizer {
  /** `tokenizer.json` */
  readonly json: unknown;
  /** Fields of `tokenizer_config.json`. */
  readonly config: Readonly<Record<string, unknown>>;
}

/**
 * A tokenizer as `AutoTokenizer` reads it, whatever it was read from: SentencePiece's pieces and the byte pairs of a GGUF file become
 * a `tokenizer.json` with the same ids.
 * @throws EimError `invalid-argument` naming what of it that file has no words for
 * @example
 * const { json, config } = huggingFaceTokenizer(tokenizer);
 * await writeFile('tokenizer.json', JSON.stringify(json));
 * await writeFile('tokenizer_config.json', JSON.stringify(config));
 */
export function huggingFaceTokenizer(tokenizer: Tokenizer): HuggingFaceTokenizer {
  const own = tokenizer.toJSON();
  const json = libraryJson(own) as LibraryJson;
  const { begin, end, pad } = tokenizer.specialTokens;
  const names = namesById(json);
  return {
    json,
    config: {
      tokenizer_class: 'PreTrainedTokenizerFast',
      ...(begin !== undefined && { bos_token: names.get(begin) }),
      eos_token: names.get(end),
      pad_token: names.get(pad),
      clean_up_tokenization_spaces: false,
      // Else it gives `token_type_ids` too, which no `generate` of an LLM takes.
      model_input_names: ['input_ids', 'attention_mask'],
    },
  };
}

interface LibraryJson {
  readonly added_tokens?: readonly { readonly id: number; readonly content: string }[];
  readonly model?: { readonly vocab?: Readonly<Record<string, number>> };
}

function libraryJson(own: unknown): unknown {
  if (isSentencepieceJson(own)) return libraryJsonOfPieces(vocabularyOfJson(own));
  if (isGgufJson(own)) return libraryJsonOfGguf(own.metadata);
  if (isClipJson(own)) throw unwritable('CLIP’s tokenizer repairs texts before it splits them');
  return own;
}

const namesById = ({ added_tokens = [], model }: LibraryJson): ReadonlyMap<number, string> =>
  new Map([
    ...Object.entries(model?.vocab ?? {}).map(([token, id]) => [id, token] as const),
    ...added_tokens.map(({ id, content }) => [id, content] as const),
  ]);
