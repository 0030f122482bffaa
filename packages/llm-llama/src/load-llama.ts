import { EimError, type PublishedWeights } from '@eim/contracts';
import type { LanguageModelContext } from '@eim/contracts/model';
import { readsBlocks } from '@eim/engine';
import { describedVocabulary, ParameterScope, parseOptions } from '@eim/nn';
import { floatValues, mapWeights, type WeightTensor } from '@eim/weights';
import { Llama } from './llama.js';
import { type LlamaOptions, type LlamaOptionsInput, llamaOptionsSchema } from './llama-options.js';
import { optionsFromGguf } from './weights/gguf/options-from-gguf.js';
import { optionsFromHuggingFace } from './weights/hugging-face/options-from-hugging-face.js';
import { findLlamaLayout, type LlamaLayout } from './weights/llama-layout.js';
import { llamaWeightsMap } from './weights/llama-weights-map.js';
import { distinguishFromLlama } from './weights/near-relatives.js';
import { optionsFromParams } from './weights/options-from-params.js';

/**
 * Options of published LLaMA weights, as the description beside them and their shapes tell.
 * @throws EimError `invalid-file` where they are not LLaMA's, or listing what the description lacks
 */
export async function describeLlama(weights: PublishedWeights): Promise<LlamaOptionsInput> {
  return await describedOptions(weights, requireLayout(weights));
}

/**
 * A LLaMA with published weights: Meta's (any number of shards), Hugging Face's, llama2.c's, or GGUF. The numbers
 * of the heads, which names and shapes do not tell, come from the description beside the weights, or from `options`.
 * Of a frozen model, matrices stay in the blocks in which a file holds them, where the engine has kernels for these, or where the
 * weights were quantised for it.
 * @param options absent: as {@link describeLlama} has them
 * @throws EimError `invalid-file` listing every tensor that does not fit, or what the description lacks
 */
export async function loadLlama(
  weights: PublishedWeights,
  { tokenizer, frozen = false, quantised = false, compute }: Omit<LanguageModelContext, 'random'> = {},
  options?: LlamaOptionsInput,
): Promise<Llama> {
  const layout = requireLayout(weights);
  const input = options ?? (await describedOptions(weights, layout));
  const complete = parseOptions<LlamaOptions>(llamaOptionsSchema, input, 'LLaMA');
  const vocabulary = describedVocabulary('LLaMA', complete, tokenizer);
  const scope = ParameterScope.awaitingValues(compute);
  const model = new Llama(complete, vocabulary, scope);
  try {
    const map = llamaWeightsMap({ ...complete, vocabularySize: vocabulary.vocabularySize }, layout);
    await mapWeights(weights, map, scope.slots(), scope, {
      inBlocks: frozen && (quantised || readsBlocks()),
    });
    return model;
  } catch (error) {
    model.dispose();
    throw error;
  }
}

function requireLayout(weights: PublishedWeights): LlamaLayout {
  const layout = findLlamaLayout(weights);
  const relative = distinguishFromLlama(weights);
  if (layout !== undefined && relative === undefined) return layout;
  const reason =
    relative ?? 'It has none of tok_embeddings.weight, model.embed_tokens.weight and token_embd.weight.';
  throw new EimError({
    code: 'invalid-file',
    message: `${weights.name} holds no LLaMA weights. ${reason}`,
    advice: 'Give the files of a LLaMA model as they were published.',
    data: { file: weights.name },
  });
}

async function describedOptions(weights: PublishedWeights, layout: LlamaLayout): Promise<LlamaOptionsInput> {
  if (layout.naming === 'hugging-face') return optionsFromHuggingFace(weights);
  if (layout.naming === 'meta') return optionsFromParams(weights, layout);
  if (!weights.has('rope_freqs.weight')) return optionsFromGguf(weights);
  const factors = floatValues((await weights.read('rope_freqs.weight')) as WeightTensor);
  return optionsFromGguf(weights, [...factors]);
}
