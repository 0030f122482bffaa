import { EimError } from '@eim/contracts';
import type { Injection, Tensor3D } from '@eim/contracts/model';
import { concat } from '@tensorflow/tfjs-core';

/**
 * What an ST puts into the LLM's own space: its prefix, or else its layer prompts side by side.
 * @returns `[P, K, hiddenSize]`
 * @throws EimError `invalid-config` for an ST that only inserts adapters
 */
export function stSlots({ prefix, layerPrompts }: Injection): Tensor3D {
  if (prefix) return prefix.embeddings;
  if (layerPrompts && layerPrompts.length > 0) {
    return concat(
      layerPrompts.map(({ prompts }) => prompts),
      1,
    ) as Tensor3D;
  }
  throw new EimError({
    code: 'invalid-config',
    message:
      'The embedding-alignment objective needs an ST that gives a prefix or layer prompts; this one gives neither.',
    advice: 'Use the caption objective for it.',
  });
}
