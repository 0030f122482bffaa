import type { AddedToken } from '../tokenizer-json.js';
import { addedBySettings } from './added-by-settings.js';
import { settingFault } from './setting-fault.js';
import type { TokenizerSettings } from './tokenizer-settings.js';

interface Json {
  readonly added_tokens?: readonly AddedToken[];
  readonly normalizer?: unknown;
  readonly pre_tokenizer?: unknown;
  readonly post_processor?: unknown;
  readonly model?: { readonly vocab?: Readonly<Record<string, number>> };
}

/** Classes that put around a text what the settings say, whatever `post_processor` says. */
const PUTS_AROUND = /^(?:Llama|CodeLlama|Gemma|GPTNeoX|Cohere)Tokenizer$/;
/** What these do with spaces where `add_prefix_space` is said. */
const REWRITES_SPACES = /^(?:Llama|CodeLlama)Tokenizer$/;

/**
 * A `tokenizer.json` with what the files beside it say of ids, as transformers 4.57 opens both.
 * @throws EimError `invalid-data` naming a field that contradicts the vocabulary
 */
export function configuredJson(json: unknown, settings: TokenizerSettings): unknown {
  if (!isReadable(json)) return json;
  const vocabulary = new Map(Object.entries(json.model?.vocab ?? {}));
  const added = addedBySettings(
    json.added_tokens ?? [],
    settings,
    (text) => vocabulary.get(text),
    vocabulary.size,
  );
  return {
    ...json,
    ...spaces(json, settings),
    added_tokens: added,
    post_processor: surrounded(json.post_processor, settings, added),
  };
}

function isReadable(json: unknown): json is Json {
  return (
    typeof json === 'object' &&
    json !== null &&
    Array.isArray((json as Json).added_tokens ?? []) &&
    'model' in json
  );
}

/** Settings that say nothing leave to the file what is put around a text. */
function surrounded(
  processor: unknown,
  { tokenizerClass, addsBegin, addsEnd, named }: TokenizerSettings,
  added: readonly AddedToken[],
): unknown {
  const counts = tokenizerClass === undefined || PUTS_AROUND.test(tokenizerClass);
  if (!counts || (addsBegin === undefined && addsEnd === undefined)) return processor;
  const token = (field: string, name: string) => {
    const content = named.get(field);
    const found = added.find((candidate) => candidate.content === content);
    if (content !== undefined && found) return { content, id: found.id };
    throw settingFault(
      name,
      `true, but \`${field}\` names no token of the vocabulary`,
      'Name the token, or say false.',
    );
  };
  const before =
    (addsBegin ?? tokenizerClass !== 'GPTNeoXTokenizer') ? [token('bos_token', 'add_bos_token')] : [];
  const after = addsEnd ? [token('eos_token', 'add_eos_token')] : [];
  const parts = (tokens: readonly { content: string }[]) =>
    tokens.map(({ content }) => ({ SpecialToken: { id: content, type_id: 0 } }));
  const around = [...before, ...after];
  return {
    type: 'TemplateProcessing',
    single: [...parts(before), { Sequence: { id: 'A', type_id: 0 } }, ...parts(after)],
    pair: [],
    special_tokens: Object.fromEntries(
      around.map(({ content, id }) => [content, { id: content, ids: [id], tokens: [content] }]),
    ),
  };
}

/** How `add_prefix_space` changes the first parts of a file. */
function spaces(json: Json, { tokenizerClass, addsPrefixSpace, isLegacy }: TokenizerSettings): Partial<Json> {
  if (tokenizerClass !== undefined && REWRITES_SPACES.test(tokenizerClass)) {
    if (addsPrefixSpace === undefined) return {};
    return llamaSpaces(addsPrefixSpace, isLegacy ?? true);
  }
  const pieces = json.pre_tokenizer as { readonly type?: unknown } | null | undefined;
  if (pieces?.type !== 'ByteLevel') return {};
  return { pre_tokenizer: { ...pieces, add_prefix_space: addsPrefixSpace ?? false } };
}

/** What transformers makes of a LLaMA vocabulary, where spaces are U+2581. */
export function llamaSpaces(addsPrefix: boolean, isLegacy: boolean): Partial<Json> {
  const replace = { type: 'Replace', pattern: { String: ' ' }, content: '\u2581' };
  if (isLegacy) {
    const prepend = addsPrefix ? [{ type: 'Prepend', prepend: '\u2581' }] : [];
    return { normalizer: { type: 'Sequence', normalizers: [...prepend, replace] }, pre_tokenizer: null };
  }
  const scheme = addsPrefix ? 'first' : 'never';
  return {
    normalizer: null,
    pre_tokenizer: { type: 'Metaspace', replacement: '\u2581', prepend_scheme: scheme, split: false },
  };
}
