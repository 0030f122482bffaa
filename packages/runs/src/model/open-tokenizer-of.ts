import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createGgufTokenizer, type PublishedTokenizer, type TokenizerOptions } from '@eim/tokenizers';
import { hasTokenizer, openTokenizer } from '@eim/tokenizers/node';
import { openWeights } from '@eim/weights/node';

/**
 * Opens a published tokenizer: any file or folder that `openTokenizer` takes, or a GGUF file, alone or in a folder, as
 * these contain their own.
 * @throws EimError naming the path and what is wrong
 */
export async function openTokenizerOf(
  path: string,
  options: TokenizerOptions = {},
): Promise<PublishedTokenizer> {
  const gguf = ggufAt(path);
  if (gguf === undefined) return await openTokenizer(path, options);
  const file = await openWeights(gguf);
  try {
    return createGgufTokenizer(file.metadata, gguf, options);
  } finally {
    await file.close();
  }
}

function ggufAt(path: string): string | undefined {
  if (!existsSync(path)) return undefined;
  if (!statSync(path).isDirectory()) return /\.gguf$/i.test(path) ? path : undefined;
  if (hasTokenizer(path)) return undefined;
  const files = readdirSync(path).filter((name) => /\.gguf$/i.test(name));
  return files.length === 1 ? join(path, files[0]!) : undefined;
}
