import { EimError } from '@eim/contracts';
import { BYTE_SYMBOLS } from './byte-alphabet.js';

/** A token that stands outside byte-pair encoding. */
export interface AddedToken {
  readonly id: number;
  readonly content: string;
  readonly special: boolean;
  readonly single_word: boolean;
  readonly lstrip: boolean;
  readonly rstrip: boolean;
  readonly normalized: boolean;
}

/** A `tokenizer.json` of the byte-level BPE kind, in the layout that the Python and npm libraries read. */
export interface ByteBpeJson {
  readonly version: string;
  readonly truncation: null;
  readonly padding: null;
  readonly added_tokens: readonly AddedToken[];
  readonly normalizer: { readonly type: 'Lowercase' } | null;
  readonly pre_tokenizer: {
    readonly type: 'ByteLevel';
    readonly add_prefix_space: boolean;
    readonly trim_offsets: boolean;
    readonly use_regex: boolean;
  };
  readonly post_processor: unknown;
  readonly decoder: { readonly type: 'ByteLevel'; readonly [option: string]: unknown };
  readonly model: {
    readonly type: 'BPE';
    readonly [option: string]: unknown;
    readonly vocab: Readonly<Record<string, number>>;
    /** `"left right"`, or pairs in newer files. */
    readonly merges: readonly (string | readonly [string, string])[];
  };
}

/** What distinguishes one byte-level BPE file from another. */
export interface ByteBpeParts {
  readonly vocabulary: Readonly<Record<string, number>>;
  readonly merges: readonly (readonly [string, string])[];
  /** Tokens of the vocabulary that text never spells. */
  readonly specials: readonly string[];
  readonly lowercase: boolean;
}

/** The whole file: the Python library refuses one that leaves out any of these fields. */
export function byteBpeJson({ vocabulary, merges, specials, lowercase }: ByteBpeParts): ByteBpeJson {
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: specials.map((content) => ({
      id: vocabulary[content]!,
      content,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: true,
    })),
    normalizer: lowercase ? { type: 'Lowercase' } : null,
    pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
    post_processor: null,
    decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: false,
      vocab: vocabulary,
      // Symbols of bytes hold no space, so the older form is unambiguous, and every version reads it.
      merges: merges.map(([left, right]) => `${left} ${right}`),
    },
  };
}

/**
 * Checks that contents of a `tokenizer.json` are of the kind that this package encodes exactly.
 * @throws EimError `invalid-data` naming the first field that is not
 */
export function checkByteBpeJson(json: unknown): ByteBpeJson {
  const file = record(json, 'tokenizer.json');
  const model = record(file.model, 'model');
  // Files of older versions leave the model's type out.
  if ((model.type ?? 'BPE') !== 'BPE') throw unfit('model.type', model.type, '"BPE"');
  const vocabulary = record(model.vocab, 'model.vocab');
  const ids = Object.values(vocabulary);
  if (!ids.every(isTokenId) || new Set(ids).size < ids.length) {
    throw unfit('model.vocab', undefined, 'distinct ids of 0 and above');
  }
  const missing = BYTE_SYMBOLS.find((symbol) => vocabulary[symbol] === undefined);
  if (missing) throw unfit('model.vocab', undefined, `a token for every byte ("${missing}" is missing)`);
  if (!Array.isArray(model.merges)) throw unfit('model.merges', model.merges, 'a list');
  for (const option of [
    'byte_fallback',
    'ignore_merges',
    'continuing_subword_prefix',
    'end_of_word_suffix',
  ]) {
    if (model[option]) throw unfit(`model.${option}`, model[option], 'off');
  }
  const preTokenizer = record(file.pre_tokenizer, 'pre_tokenizer');
  if (preTokenizer.type !== 'ByteLevel') throw unfit('pre_tokenizer.type', preTokenizer.type, '"ByteLevel"');
  if (preTokenizer.use_regex === false) throw unfit('pre_tokenizer.use_regex', false, 'true');
  const normalizer = file.normalizer == null ? undefined : record(file.normalizer, 'normalizer');
  if (normalizer && normalizer.type !== 'Lowercase') {
    throw unfit('normalizer.type', normalizer.type, '"Lowercase" or none');
  }
  if (!Array.isArray(file.added_tokens)) throw unfit('added_tokens', file.added_tokens, 'a list');
  for (const [index, token] of file.added_tokens.entries()) {
    const { id, content } = record(token, `added_tokens[${index}]`);
    if (!isTokenId(id) || typeof content !== 'string') {
      throw unfit(`added_tokens[${index}]`, token, 'a token with `id` and `content`');
    }
  }
  return json as ByteBpeJson;
}

/** Byte symbols on both sides of each merge. */
export function tokenPairs(json: ByteBpeJson): [string, string][] {
  return json.model.merges.map((merge, index) => {
    const pair = typeof merge === 'string' ? merge.split(' ') : merge;
    if (isMergeOf(json.model.vocab, pair)) return pair;
    throw unfit(`model.merges[${index}]`, merge, 'two tokens of model.vocab that make a third');
  });
}

/** Whether these are two tokens of a vocabulary that make a third. */
export function isMergeOf(
  vocabulary: Readonly<Record<string, unknown>>,
  pair: unknown,
): pair is [string, string] {
  if (!Array.isArray(pair) || pair.length !== 2 || !pair.every((side) => typeof side === 'string'))
    return false;
  return [...pair, pair.join('')].every((token) => Object.hasOwn(vocabulary, token));
}

/** How many ids stand behind those of the vocabulary itself. @param size with all that was added */
export function addedCount(vocabulary: Readonly<Record<string, number>>, size: number): number {
  return size - Object.values(vocabulary).reduce((most, id) => Math.max(most, id + 1), 0);
}

/** No vocabulary comes near the bound, and tables by id stay small. */
export function isTokenId(id: unknown): id is number {
  return Number.isSafeInteger(id) && (id as number) >= 0 && (id as number) < 2 ** 24;
}

function record(value: unknown, field: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  throw unfit(field, value, 'an object');
}

function unfit(field: string, value: unknown, wanted: string): EimError {
  const found = value === undefined ? '' : `, found ${JSON.stringify(value)?.slice(0, 60)}`;
  return new EimError({
    code: 'invalid-data',
    message: `tokenizer.json is not a byte-level BPE: ${field} should be ${wanted}${found}.`,
    advice: 'Use one trained by trainByteBpe, or the tokenizer.json of a GPT-2 family model.',
    data: { field, value },
  });
}
