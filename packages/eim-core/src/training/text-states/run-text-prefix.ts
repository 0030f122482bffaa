import type { Batch, ModelParts, Objective, Tensor3D } from '@eim/contracts/model';
import { createRandomStream } from '@eim/engine';
import { clone } from '@tensorflow/tfjs-core';
import { withMethods } from '../run/freeze-parts.js';
import type { TextPrefix } from './text-prefix.js';

/** Targets of a batch that is run for the sake of hidden states: what the LLM predicts is not wanted. */
export const TARGETS = 1;

/**
 * What the frozen lower blocks of the LLM make of the rows of a batch, as the objective gives them to it. Nothing is dropped.
 * @param batch with {@link TARGETS} targets, so that the product with the vocabulary is small
 * @returns `[R, S, hiddenSize]`
 */
export function runTextPrefix(
  parts: ModelParts,
  objective: Objective,
  batch: Batch,
  { block }: TextPrefix,
): Tensor3D {
  let states: Tensor3D | undefined;
  const llm = withMethods(parts.llm, {
    forward(embeddings, options = {}) {
      const result = parts.llm.forward(embeddings, { ...options, training: false, hiddenLayers: [block] });
      states = clone(result.hidden!.get(block)!); // [R, S, H]
      return result;
    },
  });
  objective.loss({ ...parts, llm }, batch, { training: false, random: createRandomStream('text states') });
  return states!;
}
