import { EimError, type Tokenizer } from '@eim/core/contracts';
import type { Gpt2Vocabulary } from './gpt2.js';
import type { Gpt2Options } from './gpt2-options.js';

/**
 * What the options and the tokenizer say of the ids.
 * @throws EimError `invalid-argument` where neither does; `width-mismatch` where the tokenizer has more ids
 */
export function vocabularyOf(options: Gpt2Options, tokenizer?: Tokenizer): Gpt2Vocabulary {
  const vocabularySize = options.vocabularySize ?? tokenizer?.vocabularySize;
  const specialTokens = tokenizer?.specialTokens ?? options.specialTokens;
  if (vocabularySize === undefined || specialTokens === undefined) {
    throw new EimError({
      code: 'invalid-argument',
      message: 'GPT-2 was created without a tokenizer and without its own vocabularySize and specialTokens.',
      advice: 'Pass a tokenizer, or both options.',
    });
  }
  if (tokenizer !== undefined && tokenizer.vocabularySize > vocabularySize) {
    throw new EimError({
      code: 'width-mismatch',
      message: `The tokenizer has ${tokenizer.vocabularySize} ids; GPT-2 was given a vocabulary of ${vocabularySize}.`,
      advice: 'Raise vocabularySize, or leave it out to take the tokenizer’s.',
      data: { tokenizer: tokenizer.vocabularySize, vocabularySize },
    });
  }
  return { vocabularySize, specialTokens, tokenizer };
}
