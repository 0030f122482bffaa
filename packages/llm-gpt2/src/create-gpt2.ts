import type { LanguageModelContext } from '@eim/contracts/model';
import { modelVocabulary, ParameterScope, parseOptions } from '@eim/nn';
import { Gpt2 } from './gpt2.js';
import { type Gpt2Options, type Gpt2OptionsInput, gpt2OptionsSchema } from './gpt2-options.js';

/**
 * A GPT-2 with freshly initialised parameters.
 * @param options a preset of `gpt2Presets`, or one's own sizes
 * @throws EimError `invalid-argument` for options that cannot be; `width-mismatch` where the tokenizer has
 * more ids than the model
 */
export function createGpt2(options: Gpt2OptionsInput, context: LanguageModelContext): Gpt2 {
  const complete = parseOptions<Gpt2Options>(gpt2OptionsSchema, options, 'GPT-2');
  return new Gpt2(
    complete,
    modelVocabulary('GPT-2', complete, context.tokenizer),
    ParameterScope.of(context),
  );
}
