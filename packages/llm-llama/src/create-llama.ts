import type { LanguageModelContext } from '@eim/contracts/model';
import { modelVocabulary, ParameterScope, parseOptions } from '@eim/nn';
import { Llama } from './llama.js';
import { type LlamaOptions, type LlamaOptionsInput, llamaOptionsSchema } from './llama-options.js';

/**
 * A LLaMA with freshly initialised parameters.
 * @param options a preset of `llamaPresets`, or one's own sizes
 * @throws EimError `invalid-argument` for options that cannot be; `width-mismatch` where the tokenizer has
 * more ids than the model
 */
export function createLlama(options: LlamaOptionsInput, context: LanguageModelContext): Llama {
  const complete = parseOptions<LlamaOptions>(llamaOptionsSchema, options, 'LLaMA');
  return new Llama(
    complete,
    modelVocabulary('LLaMA', complete, context.tokenizer),
    ParameterScope.of(context),
  );
}
