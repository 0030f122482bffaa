import { EimError } from '@eim/contracts';
import { BYTE_SYMBOLS, symbolsOfText } from './byte-alphabet.js';
import { learnMerges } from './learn-merges.js';
import { lowercase, preTokenize } from './pre-tokenize.js';
import { TRAINED_SPECIALS } from './special-tokens.js';
import type { ByteBpeJson } from './tokenizer-json.js';
import { byteBpeJson } from './tokenizer-json.js';

export interface ByteBpeTraining {
  /** Ids in all: three special tokens, 256 bytes, then merges. @default 2000 */
  readonly vocabularySize?: number;
  /**
   * Text is put into lower case before it is encoded. Caption metrics compare in lower case, and a small
   * vocabulary has no room for every word twice. @default true
   */
  readonly lowercase?: boolean;
  /** A pair seen less often is not merged; the vocabulary may then stay smaller. @default 2 */
  readonly minimumFrequency?: number;
}

/**
 * Trains a byte-level BPE (GPT-2's pieces and alphabet). Depends on nothing but how often each piece occurs,
 * and gives the vocabulary that the Python library's `BpeTrainer` gives.
 * @returns contents of a `tokenizer.json`, for `createTokenizer` and for the Python and npm libraries
 * @throws EimError `invalid-argument` where the vocabulary cannot hold the bytes
 */
export function trainByteBpe(texts: Iterable<string>, options: ByteBpeTraining = {}): ByteBpeJson {
  const { vocabularySize = 2000, minimumFrequency = 2 } = options;
  const inLowercase = options.lowercase ?? true;
  const specials = Object.values(TRAINED_SPECIALS);
  // By code point, as the Python trainer numbers its alphabet.
  const symbols: string[] = [...specials, ...[...BYTE_SYMBOLS].sort()];
  if (!Number.isSafeInteger(vocabularySize) || vocabularySize < symbols.length) {
    throw new EimError({
      code: 'invalid-argument',
      message: `A byte-level vocabulary of ${vocabularySize} is too small.`,
      advice: `It needs at least ${symbols.length}: ${specials.length} special tokens and 256 bytes.`,
      data: { vocabularySize },
    });
  }
  const words = new Map<string, number>();
  for (const text of texts) {
    for (const piece of preTokenize(inLowercase ? lowercase(text) : text)) {
      words.set(piece, (words.get(piece) ?? 0) + 1);
    }
  }
  const spelt = new Map([...words].map(([piece, count]) => [symbolsOfText(piece), count]));
  const merges = learnMerges(spelt, symbols, {
    vocabularySize,
    minimumFrequency: Math.max(1, minimumFrequency),
  });
  return byteBpeJson({
    vocabulary: Object.fromEntries(symbols.map((symbol, id) => [symbol, id])),
    merges,
    specials,
    lowercase: inLowercase,
  });
}
