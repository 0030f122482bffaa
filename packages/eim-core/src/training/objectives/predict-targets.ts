import type {
  Batch,
  Injection,
  LanguageModel,
  ObjectiveContext,
  Tensor1D,
  Tensor2D,
} from '@eim/contracts/model';
import { cast, concat, gather, minimum, mul, ones, reshape, sum, zeros } from '@tensorflow/tfjs-core';
import { targetIds, textLogits } from '../../compose/row-logits.js';

export interface PredictedTargets {
  /** `[N, vocabularySize]` */
  readonly logits: Tensor2D;
  /** `[N]` int32 */
  readonly targets: Tensor1D;
  /** `[N]`; a target with nothing before it (no prefix, no begin token) has weight 0. */
  readonly weights: Tensor1D;
}

export interface PredictOptions {
  readonly injection?: Injection | undefined;
  /** Position of the first text token where there is no prefix. @default 0 */
  readonly firstPosition?: number;
}

/** Teacher forcing over a batch: its targets, what the LLM says of them, and what each of them counts. */
export function predictTargets(
  llm: LanguageModel,
  batch: Batch,
  { training, random }: ObjectiveContext,
  { injection, firstPosition = 0 }: PredictOptions,
): PredictedTargets {
  const prefix = injection?.prefix;
  return {
    logits: textLogits(llm, batch, { injection, firstPosition, training, random }),
    targets: targetIds(batch.ids, batch.targetIndices),
    weights: prefix && !prefix.mask ? batch.targetWeights : weighFirst(batch, prefix?.mask),
  };
}

/** The weights of a batch, 0 for the first token of a row that has no slot of a prefix before it. */
function weighFirst({ ids, targetIndices, targetWeights }: Batch, prefixMask?: Tensor2D): Tensor1D {
  const [rowCount, textLength] = ids.shape;
  const first = prefixMask
    ? minimum(sum(cast(prefixMask, 'float32'), 1, true), 1) // [R, 1]
    : zeros([rowCount, 1]);
  const predictable = concat([first, ones([rowCount, textLength - 1])], 1); // [R, T]
  return mul(targetWeights, gather(reshape(predictable, [-1]), targetIndices)); // [N]
}
