import { EimError, type LanguageModelContext } from '@eim/core/contracts';
import { parseOptions } from '@eim/nn';
import { Gpt2, type Gpt2Vocabulary } from './gpt2.js';
import { type Gpt2Options, type Gpt2OptionsInput, gpt2OptionsSchema } from './gpt2-options.js';

/**
 * A GPT-2 with freshly initialised parameters.
 * @param options a preset of `gpt2Presets`, or one's own sizes
 * @throws EimError `invalid-argument` for options that cannot be; `width-mismatch` where the tokenizer has
 * more ids than the model
 */
export function createGpt2(options: Gpt2OptionsInput, context: LanguageModelContext): Gpt2 {
  const complete = parseOptions<Gpt2Options>(gpt2OptionsSchema, options, 'GPT-2');
  return new Gpt2(complete, vocabularyOf(complete, context), context.random);
}

function vocabularyOf(options: Gpt2Options, { tokenizer }: LanguageModelContext): Gpt2Vocabulary {
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
