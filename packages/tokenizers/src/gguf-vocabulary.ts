import { EimError } from '@eim/contracts';
import { createTokenizer } from './create-tokenizer.js';
import { addedToken, byteLevelJson } from './llama3-json.js';
import type { PublishedTokenizer, PublishedTokenizerOptions } from './published/published-tokenizer.js';
import type { PieceKind } from './sentencepiece/piece-vocabulary.js';
import { SentencepieceTokenizer } from './sentencepiece/sentencepiece-tokenizer.js';

type Metadata = Readonly<Record<string, unknown>>;

const KINDS: readonly PieceKind[] = [
  'normal',
  'normal',
  'unknown',
  'control',
  'user-defined',
  'unused',
  'byte',
];
const CONTROL = 3;
const USER_DEFINED = 4;

/**
 * The tokenizer that a GGUF file carries in its metadata (ggml-org/ggml, docs/gguf.md, `tokenizer.ggml.*`):
 * SentencePiece's BPE ("llama"), or GPT-2's byte-level BPE with GPT-2's or LLaMA 3's pieces.
 * @param file for messages
 * @throws EimError `invalid-data` where there is none, or another kind
 */
export function createGgufTokenizer(
  metadata: Metadata,
  file: string,
  options: PublishedTokenizerOptions = {},
): PublishedTokenizer {
  const kind = metadata['tokenizer.ggml.model'];
  const tokens = metadata['tokenizer.ggml.tokens'];
  if (!isTexts(tokens)) throw unread(file, 'has no tokenizer');
  if (kind === 'llama') return sentencepiece(metadata, tokens, file, options);
  if (kind === 'gpt2') return byteLevel(metadata, tokens, file, options);
  throw unread(file, `has a tokenizer of the kind ${JSON.stringify(kind)}`);
}

function sentencepiece(
  metadata: Metadata,
  tokens: readonly string[],
  file: string,
  options: PublishedTokenizerOptions,
) {
  const scores = numbers(metadata['tokenizer.ggml.scores'], tokens.length);
  const types = numbers(metadata['tokenizer.ggml.token_type'], tokens.length);
  if (!scores || !types) throw unread(file, 'has a tokenizer without scores or types of its tokens');
  const id = (name: string) => idOf(metadata, name, tokens.length);
  const begin = id('bos');
  const pad = id('padding');
  return new SentencepieceTokenizer(
    {
      pieces: tokens.map((text, at) => ({ text, score: scores[at]!, kind: KINDS[types[at]!] ?? 'normal' })),
      space: '\u2581',
      dummyPrefix: metadata['tokenizer.ggml.add_space_prefix'] !== false,
      removeExtraSpaces: metadata['tokenizer.ggml.remove_extra_whitespaces'] === true,
      byteFallback: true,
      ...(begin !== undefined && { begin }),
      end: id('eos') ?? 2,
      unknown: id('unknown') ?? 0,
      ...(pad !== undefined && { pad }),
    },
    options,
  );
}

function byteLevel(
  metadata: Metadata,
  tokens: readonly string[],
  file: string,
  options: PublishedTokenizerOptions,
) {
  const merges = metadata['tokenizer.ggml.merges'];
  const types = numbers(metadata['tokenizer.ggml.token_type'], tokens.length);
  const end = idOf(metadata, 'eos', tokens.length);
  if (!isTexts(merges) || !types || end === undefined) {
    throw unread(file, 'has a byte-level tokenizer without merges, types or an end token');
  }
  const pieces = metadata['tokenizer.ggml.pre'] ?? 'default';
  const isLlama3 = pieces === 'llama-bpe' || pieces === 'llama3' || pieces === 'llama-v3';
  if (!isLlama3 && pieces !== 'gpt-2' && pieces !== 'default') {
    throw unread(file, `has a tokenizer that splits text as ${JSON.stringify(pieces)} does`);
  }
  const begin = idOf(metadata, 'bos', tokens.length);
  const pad = idOf(metadata, 'padding', tokens.length);
  const special = new Set(tokens.flatMap((_, id) => (types[id] === CONTROL ? [id] : [])));
  for (const id of [end, begin, pad]) if (id !== undefined) special.add(id);
  const added = tokens.flatMap((token, id) => {
    if (special.has(id)) return [addedToken(id, token, true)];
    return types[id] === USER_DEFINED ? [addedToken(id, token, false)] : [];
  });
  const beginName = begin === undefined ? undefined : tokens[begin]!;
  const json = byteLevelJson({
    vocabulary: Object.fromEntries(tokens.map((token, id) => [token, id])),
    merges,
    added,
    pieces: isLlama3 ? 'llama3' : 'gpt2',
    begin: isLlama3 ? beginName : undefined,
  });
  return createTokenizer(json, {
    ...options,
    specialTokens: {
      end: tokens[end]!,
      ...(beginName !== undefined && { begin: beginName }),
      ...(pad !== undefined && { pad: tokens[pad]! }),
    },
  });
}

function idOf(metadata: Metadata, name: string, size: number): number | undefined {
  const id = metadata[`tokenizer.ggml.${name}_token_id`];
  return typeof id === 'number' && id < size ? id : undefined;
}

function numbers(value: unknown, length: number): ArrayLike<number> | undefined {
  const isNumbers =
    value instanceof Float32Array || value instanceof Int32Array || value instanceof Uint32Array;
  return isNumbers && value.length === length ? value : undefined;
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.length > 0 && value.every((text) => typeof text === 'string');
}

function unread(file: string, fault: string): EimError {
  return new EimError({
    code: 'invalid-data',
    message: `${file} ${fault}, which cannot be used.`,
    advice: 'Name the tokenizer of the same model: its tokenizer.json or tokenizer.model.',
    data: { file },
  });
}
