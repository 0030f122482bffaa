import type { Batch, ModelParts, ObjectivePluginContext, Tensor1D } from '@eim/contracts/model';
import { reshape, slice, tensor1d } from '@tensorflow/tfjs-core';
import type { GivenTexts } from './row-texts.js';

/** 1 where rows start with a begin token, which is never predicted, else 0. */
export function firstTargetOf({ llm }: ModelParts, { tokenizer }: Pick<ObjectivePluginContext, 'tokenizer'>) {
  return (tokenizer ?? llm).specialTokens.begin === undefined ? 0 : 1;
}

/**
 * The batch with the texts that were prepared for it in place of its own. Every token may be a target, so that shapes never
 * depend on what the texts are.
 */
export function withGivenTexts(batch: Batch, firstTarget: number): Batch {
  const { givenIds, givenMask, givenWeights } = batch.prepared as unknown as GivenTexts;
  const [rows, length] = givenIds.shape;
  const behind = length - firstTarget;
  const indices = Int32Array.from(
    { length: rows * behind },
    (_, target) => Math.floor(target / behind) * length + firstTarget + (target % behind),
  );
  return {
    ...batch,
    ids: givenIds,
    mask: givenMask,
    targetIndices: tensor1d(indices, 'int32') as Tensor1D, // [R*(T-first)]
    targetWeights: reshape(slice(givenWeights, [0, firstTarget], [rows, behind]), [-1]) as Tensor1D, // [R*(T-first)]
  };
}
