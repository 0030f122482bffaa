import { EimError, type PublishedWeights, type WeightsDescription } from '@eim/contracts';
import type { LanguageModelContext } from '@eim/contracts/model';
import { describedVocabulary, ParameterScope, parseOptions } from '@eim/nn';
import { mapWeights } from '@eim/weights';
import { Gpt2 } from './gpt2.js';
import { type Gpt2Options, type Gpt2OptionsInput, gpt2OptionsSchema } from './gpt2-options.js';
import { describedOptions } from './weights/described-options.js';
import { findGpt2Prefix } from './weights/gpt2-naming.js';
import { gpt2WeightsMap } from './weights/gpt2-weights-map.js';
import { distinguishFromGpt2 } from './weights/near-relatives.js';

/**
 * Options of published GPT-2 weights: sizes from the tensors, the rest from `config.json` where there is one.
 * @throws EimError `invalid-file` where they are not GPT-2's, or listing what this package does not compute
 */
export function describeGpt2(weights: WeightsDescription): Gpt2OptionsInput {
  return describedOptions(weights, requirePrefix(weights));
}

/**
 * A GPT-2 with published weights in Hugging Face's names, also inside a ClipCap checkpoint.
 * @param options absent: as {@link describeGpt2} has them
 * @throws EimError `invalid-file` listing every tensor that does not fit
 */
export async function loadGpt2(
  weights: PublishedWeights,
  { tokenizer }: Omit<LanguageModelContext, 'random'> = {},
  options?: Gpt2OptionsInput,
): Promise<Gpt2> {
  const prefix = requirePrefix(weights);
  const input = options ?? describedOptions(weights, prefix);
  const complete = parseOptions<Gpt2Options>(gpt2OptionsSchema, input, 'GPT-2');
  const vocabulary = describedVocabulary('GPT-2', complete, tokenizer);
  const scope = ParameterScope.awaitingValues();
  const model = new Gpt2(complete, vocabulary, scope);
  try {
    const map = gpt2WeightsMap({ ...complete, vocabularySize: vocabulary.vocabularySize }, prefix);
    await mapWeights(weights, map, scope.slots(), (name, values) => scope.give(name, values));
    return model;
  } catch (error) {
    model.dispose();
    throw error;
  }
}

function requirePrefix(weights: WeightsDescription): string {
  const prefix = findGpt2Prefix(weights);
  const relative = distinguishFromGpt2(weights);
  if (prefix !== undefined && relative === undefined) return prefix;
  const reason = relative ?? 'It has no wte.weight with h.0.attn.c_attn.weight beside it.';
  throw new EimError({
    code: 'invalid-file',
    message: `${weights.name} holds no GPT-2 weights. ${reason}`,
    advice: 'Give the files of a GPT-2 model as they were published.',
    data: { file: weights.name },
  });
}
