import type {
  Batch,
  Injection,
  LanguageModel,
  ObjectiveContext,
  Tensor,
  Tensor1D,
  Tensor2D,
  Tensor3D,
} from '@eim/contracts';
import {
  add,
  broadcastTo,
  cast,
  concat,
  div,
  floor,
  gather,
  greater,
  maximum,
  mul,
  ones,
  range,
  reshape,
  slice,
  sub,
} from '@tensorflow/tfjs-core';

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

/**
 * Teacher forcing: the LLM reads `[prefix, text without its last slot]` and predicts each target from the
 * slot before it, so the first text token comes from the last prefix slot where there is no begin token.
 */
export function predictTargets(
  llm: LanguageModel,
  batch: Batch,
  context: ObjectiveContext,
  { injection, firstPosition = 0 }: PredictOptions,
): PredictedTargets {
  const [rows, textLength] = batch.ids.shape;
  const read = textLength - 1;
  const prefix = injection?.prefix;
  const prefixLength = prefix?.embeddings.shape[1] ?? 0;
  const length = prefixLength + read;
  const text = llm.embed(slice(batch.ids, [0, 0], [rows, read])); // [R, T-1, D]
  const textMask = slice(batch.mask, [0, 0], [rows, read]); // [R, T-1]
  const embeddings = prefix ? (concat([prefix.embeddings, text], 1) as Tensor3D) : text; // [R, K+T-1, D]
  const mask = prefix ? concat([prefix.mask ?? ones([rows, prefixLength]), textMask], 1) : textMask; // [R, K+T-1]
  const { select, weights } = slotsBefore(batch, textLength, prefixLength, length);
  const positions =
    prefixLength === 0 && firstPosition > 0
      ? (broadcastTo(reshape(range(firstPosition, firstPosition + read, 1, 'int32'), [1, read]), [
          rows,
          read,
        ]) as Tensor2D)
      : undefined; // [R, T-1]
  const { logits } = llm.forward(embeddings, {
    mask: mask as Tensor2D,
    select,
    training: context.training,
    random: context.random,
    ...(positions && { positions }),
    ...(injection && { injection }),
  }); // [N, V]
  return { logits, weights, targets: gather(reshape(batch.ids, [-1]), batch.targetIndices) as Tensor1D };
}

/** From target slots of `[R, T]` to the slots before them in `[R, length]`. */
function slotsBefore(batch: Batch, textLength: number, prefixLength: number, length: number) {
  const index = cast(batch.targetIndices, 'float32') as Tensor; // [N]
  // Half a slot keeps the quotient clear of whole numbers, where a fast division may err to either side.
  const row = floor(div(add(index, 0.5), textLength)); // [N]
  const position = sub(index, mul(row, textLength)); // [N]
  const before = add(position, prefixLength - 1); // [N]
  const select = cast(add(mul(row, length), maximum(before, 0)), 'int32') as Tensor1D; // [N]
  const predictable = cast(greater(before, -0.5), 'float32'); // [N]
  return { select, weights: mul(batch.targetWeights, predictable) as Tensor1D };
}
