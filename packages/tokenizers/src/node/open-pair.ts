import { EimError } from '@eim/contracts';
import { clipParts, END_OF_WORD } from '../clip/clip-parts.js';
import { ClipTokenizer } from '../clip/clip-tokenizer.js';
import { configuredJson } from '../configuration/configured-json.js';
import { settingNames } from '../configuration/setting-names.js';
import type { TokenizerSettings } from '../configuration/tokenizer-settings.js';
import { createTokenizer, type TokenizerOptions } from '../create-tokenizer.js';
import { gpt2TokenizerJson } from '../gpt2-vocabulary.js';
import type { PublishedTokenizer } from '../published/published-tokenizer.js';
import type { ByteBpeJson } from '../tokenizer-json.js';
import { readTokenizerFile } from './read-tokenizer-file.js';

/**
 * A vocabulary and its merges in two files: GPT-2's, or CLIP's, whose tokens mark the end of a word.
 * @param settings what the files beside GPT-2's vocabulary say
 * @throws EimError `missing-file`, `invalid-file` or `invalid-data`
 */
export async function openPair(
  vocabularyPath: string,
  mergesPath: string,
  options: TokenizerOptions,
  settings?: TokenizerSettings,
): Promise<PublishedTokenizer> {
  const vocabulary = new TextDecoder().decode(await readTokenizerFile(vocabularyPath));
  const merges = new TextDecoder().decode(await readTokenizerFile(mergesPath));
  if (!vocabulary.includes(`!${END_OF_WORD}"`)) {
    const json = gpt2TokenizerJson(vocabulary, merges);
    if (!settings) return createTokenizer(json, options);
    const configured = configuredJson(json, asGpt2(settings)) as ByteBpeJson;
    const specialTokens = options.specialTokens ?? settingNames(settings, configured.added_tokens);
    return createTokenizer(configured, { ...options, ...(specialTokens && { specialTokens }) });
  }
  const lines = merges.split(/\r?\n/).filter((line) => line !== '' && !line.startsWith('#version'));
  return new ClipTokenizer(clipParts(parsed(vocabulary), lines, vocabularyPath), options);
}

/** GPT-2's class puts a begin token where it is told to, and never an end. @throws EimError naming another class */
function asGpt2({ tokenizerClass, addsEnd: _, ...settings }: TokenizerSettings): TokenizerSettings {
  if (tokenizerClass === undefined || /^(?:GPT2|PreTrained)Tokenizer$/.test(tokenizerClass)) return settings;
  throw new EimError({
    code: 'invalid-data',
    message: `tokenizer_config.json: \`tokenizer_class\` is "${tokenizerClass}", which reads vocab.json and merges.txt in a way of its own.`,
    advice: 'Use the tokenizer.json of the same model.',
    data: { field: 'tokenizer_class' },
  });
}

/** Undefined where it is no JSON, which `clipParts` names. */
function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
