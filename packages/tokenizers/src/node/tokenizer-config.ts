import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { SpecialTokenNames } from '../special-tokens.js';
import { readTokenizerFile } from './read-tokenizer-file.js';

/**
 * The begin, end and pad tokens that a `tokenizer_config.json` beside a `tokenizer.json` names, where the latter has
 * them; undefined where no end token is named, so that the families' conventions hold.
 */
export async function configuredSpecials(
  folder: string,
  json: unknown,
): Promise<SpecialTokenNames | undefined> {
  const path = join(folder, 'tokenizer_config.json');
  if (!existsSync(path)) return undefined;
  const config = parsed(new TextDecoder().decode(await readTokenizerFile(path)));
  const added = (json as { added_tokens?: { content?: unknown }[] }).added_tokens;
  const known = new Set(Array.isArray(added) ? added.map((token) => token?.content) : []);
  const named = (field: string): string | undefined => {
    const value = config[field];
    const content =
      typeof value === 'object' && value !== null ? (value as { content?: unknown }).content : value;
    return typeof content === 'string' && known.has(content) ? content : undefined;
  };
  const [begin, end, pad] = [named('bos_token'), named('eos_token'), named('pad_token')];
  if (end === undefined) return undefined;
  return { end, ...(begin !== undefined && { begin }), ...(pad !== undefined && { pad }) };
}

function parsed(json: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
