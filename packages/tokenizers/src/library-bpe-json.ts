import { EimError } from '@eim/contracts';
import { LLAMA3_PIECES } from './llama3-json.js';
import { type AddedToken, isMergeOf, isTokenId } from './tokenizer-json.js';

/** A BPE `tokenizer.json` of the LLaMA families. */
export interface LibraryBpeJson {
  readonly added_tokens: readonly AddedToken[];
  readonly post_processor: unknown;
  readonly decoder: unknown;
  readonly model: {
    readonly vocab: Readonly<Record<string, number>>;
    readonly merges: readonly unknown[];
  };
}

interface Component {
  readonly type?: unknown;
  readonly [option: string]: unknown;
}

/** Components for which the npm library gave the Python library's ids on every text tried. */
const EXACT: Readonly<Record<string, readonly string[]>> = {
  normalizer: ['Sequence', 'Prepend', 'Replace'],
  pre_tokenizer: ['Sequence', 'Split', 'ByteLevel', 'Metaspace'],
  decoder: ['Sequence', 'Replace', 'ByteFallback', 'Fuse', 'Strip', 'ByteLevel'],
};

/** Where a sequence keeps its parts. */
const SEQUENCES: Readonly<Record<string, string>> = {
  normalizer: 'normalizers',
  pre_tokenizer: 'pretokenizers',
  decoder: 'decoders',
};

const TEXT = /^"/;
const COUNT = /^[0-9]$/;
/** What the JSON of each option looks like. Patterns are texts, never expressions. */
const OPTIONS: Readonly<Record<string, Readonly<Record<string, RegExp>>>> = {
  Prepend: { prepend: TEXT },
  Replace: { pattern: /^\{"String":"[^"]/, content: TEXT },
  Metaspace: { replacement: /^"[^"]"$/, prepend_scheme: /^"(first|never)"$/, split: /^false$/ },
  Strip: { content: /^"[^"]/, start: COUNT, stop: COUNT },
};

/**
 * Checks that a `tokenizer.json` is made of parts that are encoded exactly.
 * @throws EimError `invalid-data` naming the first field that is not
 */
export function checkLibraryBpeJson(json: unknown): LibraryBpeJson {
  const file = record(json, 'tokenizer.json');
  const model = record(file.model, 'model');
  const vocabulary = record(model.vocab, 'model.vocab');
  const ids = Object.values(vocabulary);
  if (!ids.every(isTokenId) || new Set(ids).size < ids.length) {
    throw unfit('model.vocab', undefined, 'distinct ids of 0 and above');
  }
  if (!Array.isArray(model.merges)) throw unfit('model.merges', model.merges, 'a list');
  for (const [index, merge] of model.merges.entries()) {
    const pair = typeof merge === 'string' ? merge.split(' ') : merge;
    if (!isMergeOf(vocabulary, pair)) {
      throw unfit(`model.merges[${index}]`, merge, 'two tokens of model.vocab that make a third');
    }
  }
  for (const option of ['dropout', 'continuing_subword_prefix', 'end_of_word_suffix']) {
    if (model[option]) throw unfit(`model.${option}`, model[option], 'off');
  }
  for (const [field, types] of Object.entries(EXACT)) checkComponents(file[field], field, types);
  if (!Array.isArray(file.added_tokens)) throw unfit('added_tokens', file.added_tokens, 'a list');
  for (const [index, token] of file.added_tokens.entries()) {
    const { id, content } = record(token, `added_tokens[${index}]`);
    if (!isTokenId(id) || typeof content !== 'string') {
      throw unfit(`added_tokens[${index}]`, token, 'a token with `id` and `content`');
    }
  }
  return json as LibraryBpeJson;
}

function checkComponents(value: unknown, field: string, types: readonly string[]): void {
  if (value === null || value === undefined) return;
  const component: Component = record(value, field);
  if (!types.includes(String(component.type))) {
    throw unfit(`${field}.type`, component.type, `one of ${types.join(', ')}`);
  }
  if (component.type === 'Sequence') {
    const parts = component[SEQUENCES[field.split('.')[0]!]!];
    if (!Array.isArray(parts)) throw unfit(field, parts, 'a list of parts');
    for (const part of parts) checkComponents(record(part, field), field, types);
  }
  if (component.type === 'Split') checkSplit(component, field);
  for (const [option, wanted] of Object.entries(OPTIONS[String(component.type)] ?? {})) {
    if (!wanted.test(JSON.stringify(component[option]) ?? '')) {
      throw unfit(`${field}.${option}`, component[option], `as ${String(component.type)} has it`);
    }
  }
}

/** Expressions come from the file, and some never end: only those that are known are run. */
function checkSplit({ pattern, behavior, invert }: Component, field: string): void {
  const expression = (pattern as { Regex?: unknown } | null)?.Regex;
  if (expression !== LLAMA3_PIECES) throw unfit(`${field}.pattern`, expression, "LLaMA 3's");
  if (behavior !== 'Isolated' || invert === true) throw unfit(`${field}.behavior`, behavior, '"Isolated"');
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
    message: `tokenizer.json is not a BPE that is encoded exactly here: ${field} should be ${wanted}${found}.`,
    advice: 'Use the tokenizer.json of a GPT-2, CLIP or LLaMA model, or its tokenizer.model.',
    data: { field, value },
  });
}
