import { createGgufTokenizer, type PublishedTokenizer, type TokenizerOptions } from '@eim/tokenizers';
import { openTokenizer } from '@eim/tokenizers/node';
import { openWeights } from '@eim/weights/node';
import { ggufWithTokenizer } from './gguf-with-tokenizer.js';

/**
 * Opens a published tokenizer: any file or folder that `openTokenizer` takes, or a GGUF file, alone or in a folder, as
 * these contain their own.
 * @throws EimError naming the path and what is wrong
 * @example
 * const tokenizer = await openTokenizerOf('/models/gpt2');
 * tokenizer.encode('The quick brown'); // [464, 2068, 7586]
 */
export async function openTokenizerOf(
  path: string,
  options: TokenizerOptions = {},
): Promise<PublishedTokenizer> {
  const gguf = ggufWithTokenizer(path);
  if (gguf === undefined) return await openTokenizer(path, options);
  const file = await openWeights(gguf);
  try {
    return createGgufTokenizer(file.metadata, gguf, options);
  } finally {
    await file.close();
  }
}
