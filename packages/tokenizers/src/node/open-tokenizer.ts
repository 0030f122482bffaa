import { existsSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { EimError } from '@eim/contracts';
import { ClipTokenizer } from '../clip/clip-tokenizer.js';
import { clipVocabularyOfText } from '../clip/clip-vocabulary-text.js';
import { configuredJson } from '../configuration/configured-json.js';
import { configuredPieces } from '../configuration/configured-pieces.js';
import { settingNames } from '../configuration/setting-names.js';
import { type TokenizerSettings, tokenizerSettings } from '../configuration/tokenizer-settings.js';
import { createTokenizer, type TokenizerOptions } from '../create-tokenizer.js';
import type { PublishedTokenizer } from '../published/published-tokenizer.js';
import { tokenizerFault } from '../published/tokenizer-fault.js';
import { readLlama2cVocabulary } from '../sentencepiece/llama2c-vocabulary.js';
import { readSentencepieceModel } from '../sentencepiece/sentencepiece-model.js';
import { SentencepieceTokenizer } from '../sentencepiece/sentencepiece-tokenizer.js';
import { createTiktokenTokenizer } from '../tiktoken/create-tiktoken-tokenizer.js';
import { isTiktokenText } from '../tiktoken/tiktoken-ranks.js';
import type { AddedToken } from '../tokenizer-json.js';
import { openPair } from './open-pair.js';
import { jsonIn, readDescription } from './read-description.js';
import { readTokenizerFile } from './read-tokenizer-file.js';

/** What a folder's tokenizer is called; the first that is there counts. */
const FILES = ['tokenizer.json', 'tokenizer.model', 'tokenizer.bin', 'bpe_simple_vocab_16e6.txt.gz'];
const PAIRS = [
  ['vocab.json', 'merges.txt'],
  ['encoder.json', 'vocab.bpe'],
] as const;
const LONGEST_TEXT_BYTES = 2 ** 26;

interface FolderOptions extends TokenizerOptions {
  /** What the folder says beside its vocabulary. Absent for a file that is named by itself. */
  readonly settings?: TokenizerSettings | undefined;
}

/**
 * Opens the tokenizer of a published model: `tokenizer.json`; SentencePiece's or LLaMA 3's `tokenizer.model`; `vocab.json` beside
 * `merges.txt`, or both as `encoder.json,vocab.bpe`; CLIP's `bpe_simple_vocab_16e6.txt.gz`; llama2.c's
 * `tokenizer.bin`; or a folder that holds one of them.
 * @throws EimError `missing-file`, `invalid-file` or `invalid-data`, naming file and fault
 */
export async function openTokenizer(
  path: string,
  options: TokenizerOptions = {},
): Promise<PublishedTokenizer> {
  if (!existsSync(path) && path.includes(',')) {
    const [vocabulary, merges, ...more] = path.split(',').map((part) => part.trim());
    if (vocabulary && merges && more.length === 0) return await openPair(vocabulary, merges, options);
  }
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return await openFolder(path, options);
  return await openFile(path, options);
}

async function openFile(path: string, options: FolderOptions): Promise<PublishedTokenizer> {
  const bytes = await readTokenizerFile(path);
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) {
    return new ClipTokenizer(clipVocabularyOfText(unzip(bytes, path), path), options);
  }
  if (/\.bin$/i.test(path)) return new SentencepieceTokenizer(readLlama2cVocabulary(bytes, path), options);
  const text = new TextDecoder().decode(bytes);
  if (/^\s*\{/.test(text)) return await openJson(path, text, options);
  if (/^"?bpe_simple_vocab|^"clip/.test(text))
    return new ClipTokenizer(clipVocabularyOfText(text, path), options);
  if (isTiktokenText(text)) return createTiktokenTokenizer(text, path, options);
  const vocabulary = readSentencepieceModel(bytes, path);
  const { settings } = options;
  return new SentencepieceTokenizer(settings ? configuredPieces(vocabulary, settings) : vocabulary, options);
}

/** Whether a folder holds a tokenizer. */
export function hasTokenizer(folder: string): boolean {
  return tokenizerIn(folder) !== undefined;
}

/** Its file, or both files of a pair joined by a comma. */
export function tokenizerIn(folder: string): string | undefined {
  const file = FILES.map((name) => join(folder, name)).find(existsSync);
  if (file !== undefined) return file;
  const pair = PAIRS.map((names) => names.map((name) => join(folder, name))).find((paths) =>
    paths.every(existsSync),
  );
  return pair?.join(',');
}

async function openFolder(folder: string, options: TokenizerOptions): Promise<PublishedTokenizer> {
  const found = tokenizerIn(folder);
  if (found !== undefined) {
    const description = await readDescription(folder);
    const settings = description && tokenizerSettings(description);
    if (settings?.splitsSpecial && options.parseSpecialTokens) throw splitsSpecial(folder);
    const [path, merges] = found.split(`,${folder}`);
    if (merges !== undefined) return await openPair(path!, folder + merges, options, settings);
    return await openFile(path!, { ...options, settings });
  }
  throw new EimError({
    code: 'missing-file',
    message: `${folder} holds no tokenizer.`,
    advice: `Expected ${FILES.join(', ')}, or ${PAIRS.map((pair) => pair.join(' with ')).join(', or ')}.`,
    data: { folder },
  });
}

async function openJson(path: string, text: string, options: FolderOptions): Promise<PublishedTokenizer> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw tokenizerFault(path, `it is not valid JSON (${(cause as Error).message})`, cause);
  }
  if (
    (json as { model?: unknown; type?: unknown }).model === undefined &&
    !(json as { type?: unknown }).type
  ) {
    const merges = PAIRS.find(([vocabulary]) => vocabulary === basename(path))?.[1] ?? 'merges.txt';
    return await openPair(path, join(dirname(path), merges), options);
  }
  const configured = options.settings ? configuredJson(json, options.settings) : json;
  const specialTokens = options.specialTokens ?? (await namesBeside(path, configured, options.settings));
  return createTokenizer(configured, { ...options, ...(specialTokens && { specialTokens }) });
}

/** What a `tokenizer_config.json` beside a file names as end and pad. */
async function namesBeside(path: string, json: unknown, settings?: TokenizerSettings) {
  const { added_tokens: added } = (json ?? {}) as { readonly added_tokens?: unknown };
  const config =
    settings ?? tokenizerSettings({ config: await jsonIn(dirname(path), 'tokenizer_config.json') });
  return Array.isArray(added) ? settingNames(config, added as AddedToken[]) : undefined;
}

function splitsSpecial(folder: string): EimError {
  return new EimError({
    code: 'invalid-argument',
    message: `${folder}: tokenizer_config.json says \`split_special_tokens\`, so no text spells a special token.`,
    advice: 'Leave out --parse-special-tokens.',
    data: { folder },
  });
}

function unzip(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder().decode(gunzipSync(bytes, { maxOutputLength: LONGEST_TEXT_BYTES }));
  } catch (cause) {
    throw tokenizerFault(path, `it cannot be unpacked (${(cause as Error).message})`, cause);
  }
}
