import { clipParts, END_OF_WORD } from '../clip/clip-parts.js';
import { ClipTokenizer } from '../clip/clip-tokenizer.js';
import { createTokenizer, type TokenizerOptions } from '../create-tokenizer.js';
import { gpt2TokenizerJson } from '../gpt2-vocabulary.js';
import type { PublishedTokenizer } from '../published/published-tokenizer.js';
import type { AddedToken } from '../tokenizer-json.js';
import { readTokenizerFile } from './read-tokenizer-file.js';

/**
 * A vocabulary and its merges in two files: GPT-2's, or CLIP's, whose tokens mark the end of a word.
 * @param added tokens beside GPT-2's vocabulary
 * @throws EimError `missing-file`, `invalid-file` or `invalid-data`
 */
export async function openPair(
  vocabularyPath: string,
  mergesPath: string,
  options: TokenizerOptions,
  added: readonly AddedToken[] = [],
): Promise<PublishedTokenizer> {
  const vocabulary = new TextDecoder().decode(await readTokenizerFile(vocabularyPath));
  const merges = new TextDecoder().decode(await readTokenizerFile(mergesPath));
  if (!vocabulary.includes(`!${END_OF_WORD}"`)) {
    return createTokenizer(gpt2TokenizerJson(vocabulary, merges, added), options);
  }
  const lines = merges.split(/\r?\n/).filter((line) => line !== '' && !line.startsWith('#version'));
  return new ClipTokenizer(clipParts(parsed(vocabulary), lines, vocabularyPath), options);
}

/** Undefined where it is no JSON, which `clipParts` names. */
function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
