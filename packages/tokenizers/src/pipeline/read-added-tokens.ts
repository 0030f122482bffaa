import type { AddedToken } from '../tokenizer-json.js';
import { isTokenId } from '../tokenizer-json.js';
import { JsonFields, unfit } from './json-fields.js';

const FIELDS = ['id', 'content', 'single_word', 'lstrip', 'rstrip', 'normalized', 'special'] as const;

/**
 * The `added_tokens` of a `tokenizer.json`. Of two with one text the first counts, and it is special if one of them is.
 * @param vocabulary ids that the model itself gives
 * @throws EimError `invalid-data` naming the token that is not read exactly
 */
export function readAddedTokens(
  value: unknown,
  vocabulary: ReadonlyMap<string, number>,
): readonly AddedToken[] {
  if (!Array.isArray(value)) throw unfit('added_tokens', value, 'a list');
  const tokens = new Map<string, AddedToken>();
  let last = -1;
  for (const [index, entry] of value.entries()) {
    const token = readAddedToken(entry, `added_tokens[${index}]`);
    const before = tokens.get(token.content);
    // The library numbers tokens itself: those that the model has not, one after the other behind it.
    const next = last >= vocabulary.size ? last + 1 : vocabulary.size;
    const id = before?.id ?? vocabulary.get(token.content) ?? next;
    if (token.id !== id && before === undefined) {
      throw unfit(`added_tokens[${index}].id`, token.id, `${id}, as the library numbers its tokens`);
    }
    last = Math.max(last, id);
    tokens.set(token.content, before ? { ...before, special: before.special || token.special } : token);
  }
  return [...tokens.values()];
}

function readAddedToken(entry: unknown, path: string): AddedToken {
  const fields = new JsonFields(entry, path);
  fields.only(...FIELDS);
  const { id, content } = { id: fields.get('id'), content: fields.get('content') };
  if (!isTokenId(id) || typeof content !== 'string' || content === '') {
    throw unfit(path, entry, 'a token with `id` and `content`');
  }
  const special = fields.flag('special', false);
  const flag = (name: string) => fields.flag(name, false);
  return {
    id,
    content,
    single_word: flag('single_word'),
    lstrip: flag('lstrip'),
    rstrip: flag('rstrip'),
    normalized: fields.flag('normalized', !special),
    special,
  };
}
