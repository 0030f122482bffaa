import type {
  Batch,
  Injection,
  LanguageModel,
  ObjectiveContext,
  Tensor1D,
  Tensor2D,
} from '@eim/contracts/model';
import { gather, mul, tensor1d } from '@tensorflow/tfjs-core';
import { targetIds, textLogits } from '../../compose/caption-logits.js';

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
  const hasPrefix = (injection?.prefix?.embeddings.shape[1] ?? 0) > 0;
  return {
    logits: textLogits(llm, batch, { injection, firstPosition, training, random }),
    targets: targetIds(batch.ids, batch.targetIndices),
    weights: hasPrefix ? batch.targetWeights : withoutFirst(batch),
  };
}

/** The weights of a batch, 0 for the first token of each row. */
function withoutFirst({ ids, targetIndices, targetWeights }: Batch): Tensor1D {
  const [rowCount, textLength] = ids.shape;
  const predictable = Float32Array.from({ length: rowCount * textLength }, (_, at) =>
    at % textLength ? 1 : 0,
  );
  return mul(targetWeights, gather(tensor1d(predictable), targetIndices)); // [N]
}
