import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { hasTokenizer } from '@eim/tokenizers/node';

/** The GGUF file whose tokenizer counts at a path: the path itself, or the only one in a folder without another tokenizer. */
export function ggufWithTokenizer(path: string): string | undefined {
  if (!existsSync(path)) return undefined;
  if (!statSync(path).isDirectory()) return /\.gguf$/i.test(path) ? path : undefined;
  if (hasTokenizer(path)) return undefined;
  const files = readdirSync(path).filter((name) => /\.gguf$/i.test(name));
  return files.length === 1 ? join(path, files[0]!) : undefined;
}
