import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { addedToken } from '../llama3-json.js';
import { type AddedToken, isTokenId } from '../tokenizer-json.js';
import { readTokenizerFile } from './read-tokenizer-file.js';

/**
 * The tokens that a folder adds to its vocabulary files, as chat models do: of `tokenizer_config.json`, else of
 * `added_tokens.json`, where those of `special_tokens_map.json` are special. None where neither is there.
 * @throws EimError where a file cannot be read
 */
export async function addedTokensIn(folder: string): Promise<AddedToken[]> {
  const { added_tokens_decoder: decoder } = await objectIn(folder, 'tokenizer_config.json');
  if (isObject(decoder)) {
    return Object.entries(decoder).flatMap(([id, token]) => {
      const { content, special } = isObject(token) ? token : {};
      return made(Number(id), content, special === true);
    });
  }
  const added = Object.entries(await objectIn(folder, 'added_tokens.json'));
  if (added.length === 0) return [];
  const special = textsIn(await objectIn(folder, 'special_tokens_map.json'));
  return added.flatMap(([content, id]) => made(Number(id), content, special.has(content)));
}

const made = (id: number, content: unknown, special: boolean): AddedToken[] =>
  isTokenId(id) && typeof content === 'string' && content !== '' ? [addedToken(id, content, special)] : [];

/** A JSON object, empty where the file is absent or something else: it stands beside what is asked for. */
async function objectIn(folder: string, name: string): Promise<Readonly<Record<string, unknown>>> {
  const path = join(folder, name);
  if (!existsSync(path)) return {};
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(await readTokenizerFile(path)));
    return isObject(value) ? value : {};
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

/** Every text in it, and every `content`. */
function textsIn(value: unknown): ReadonlySet<string> {
  if (typeof value === 'string') return new Set([value]);
  if (typeof value !== 'object' || value === null) return new Set();
  return new Set(Object.values(value).flatMap((part) => [...textsIn(part)]));
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
