import { EimError } from '@eim/contracts';
import type { PublishedTokenizer } from '@eim/tokenizers';
import { argumentError } from '../arguments/argument-error.js';

/**
 * The ids of a text between what its tokenizer puts around one. A vocabulary of `trainByteBpe`, which puts nothing around a
 * text, begins it as in training.
 */
export function promptIds(tokenizer: PublishedTokenizer, prompt: string): number[] {
  const ids = tokenizer.addSpecialTokens(prompt === '' ? [] : tokenizer.encode(prompt));
  const begin = beginOf(tokenizer);
  const whole = begin === undefined || ids[0] === begin ? ids : [begin, ...ids];
  if (whole.length > 0) return whole;
  throw argumentError(
    'The prompt is empty, and this tokenizer puts nothing before a text to start from.',
    'Give a prompt of at least one character, or --ids.',
  );
}

/** A tokenizer that does not know how a text ends puts nothing else before it. */
function beginOf(tokenizer: PublishedTokenizer): number | undefined {
  try {
    return tokenizer.specialTokens.begin;
  } catch (error) {
    if (!EimError.isInstance(error)) throw error;
    return undefined;
  }
}
