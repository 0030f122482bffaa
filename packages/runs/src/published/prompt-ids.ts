import type { PublishedTokenizer } from '@eim/tokenizers';
import { argumentError } from '../arguments/argument-error.js';

/**
 * The ids of a prompt between what its tokenizer puts around a text. A vocabulary of `trainByteBpe`, which puts nothing
 * around a text, begins it as in training.
 * @throws EimError `invalid-argument` where nothing is left to continue
 */
export function promptIds(tokenizer: PublishedTokenizer, prompt: string): number[] {
  const ids = tokenizer.addSpecialTokens(prompt === '' ? [] : tokenizer.encode(prompt));
  const { begin } = tokenizer.specialTokens;
  const whole = begin === undefined || ids[0] === begin ? ids : [begin, ...ids];
  if (whole.length > 0) return whole;
  throw argumentError(
    'The prompt is empty, and this tokenizer puts nothing before a text to start from.',
    'Give a prompt of at least one character, or --ids.',
  );
}
