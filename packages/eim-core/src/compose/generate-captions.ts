import type { Tokenizer } from '@eim/contracts';
import type { ModelParts } from '@eim/contracts/model';
import { type ContinuePromptOptions, checkRoom, continuePrompt, promptIdsOf } from './continue-prompt.js';
import type { PictureInput } from './encode-pictures.js';
import { disposeFeatures, encodeAndKeep } from './features.js';
import { holdTensors } from './hold-tensors.js';
import { injectPictures } from './inject-pictures.js';

export type GenerateCaptionsOptions = ContinuePromptOptions;

/**
 * Captions of P pictures, in their order.
 * @throws EimError `invalid-argument` where prefix, prompt and new tokens do not fit into the LLM's context
 * @throws the signal's reason when aborted
 */
export async function generateCaptions(
  parts: ModelParts,
  pictures: PictureInput,
  options: GenerateCaptionsOptions,
  tokenizer: Tokenizer,
): Promise<string[]> {
  const { llm, st } = parts;
  const { prefixLength } = st;
  // Refused before the pictures are encoded.
  checkRoom(
    llm,
    prefixLength,
    promptIdsOf(llm, options.prompt ?? '', tokenizer).length,
    options.maxNewTokens,
  );
  const features = encodeAndKeep(parts, pictures);
  const batch = features.pooled.shape[0];
  try {
    const held = holdTensors(() => injectPictures(st, features, 1));
    try {
      return await continuePrompt(parts, { batch, injection: held.value, prefixLength }, options, tokenizer);
    } finally {
      held.dispose();
    }
  } finally {
    disposeFeatures(features);
  }
}
