import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { TokenizerDescription } from '../configuration/tokenizer-settings.js';
import { tokenizerFault } from '../published/tokenizer-fault.js';
import { readTokenizerFile } from './read-tokenizer-file.js';

/**
 * The files of a folder that describe its tokenizer. Undefined where there is none of them.
 * @throws EimError `invalid-file` where one is no JSON
 */
export async function readDescription(folder: string): Promise<TokenizerDescription | undefined> {
  const [config, addedTokens, specialTokensMap, model] = await Promise.all(
    ['tokenizer_config.json', 'added_tokens.json', 'special_tokens_map.json', 'config.json'].map((name) =>
      jsonIn(folder, name),
    ),
  );
  const files = { config, addedTokens, specialTokensMap };
  const there = Object.entries(files).filter(([, value]) => value !== undefined);
  if (there.length === 0 && model === undefined) return undefined;
  const modelType = (model as { readonly model_type?: unknown } | null | undefined)?.model_type;
  return { ...Object.fromEntries(there), modelType };
}

/** The contents of a JSON file, undefined where it is absent. */
export async function jsonIn(folder: string, name: string): Promise<unknown> {
  const path = join(folder, name);
  if (!existsSync(path)) return undefined;
  try {
    return JSON.parse(new TextDecoder().decode(await readTokenizerFile(path)));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw tokenizerFault(path, `it is not valid JSON (${error.message})`, error);
  }
}
