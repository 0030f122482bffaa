import { EimError } from '@eim/contracts';
import type { Batch, Comparison, ModelParts, ObjectiveContext, Tensor } from '@eim/contracts/model';
import { addN, concat, engine, fill, mul, type Scalar, split, sum, tidy } from '@tensorflow/tfjs-core';
import type { LearningParameter } from '../optimizer/learning-parameter.js';

/** Tensors by name. */
export type NamedTensors = Readonly<Record<string, Tensor>>;

/** The first pass: what is compared of a batch, without gradients. The caller disposes of it. */
export function comparedVectors(
  comparison: Comparison,
  parts: ModelParts,
  batch: Batch,
  context: ObjectiveContext,
): NamedTensors {
  return tidy(() => {
    const found = Object.entries(comparison.vectors(parts, batch, context));
    // Clones, as a vector may be a tensor of the batch itself.
    return Object.fromEntries(found.map(([name, vector]) => [name, vector.clone()]));
  });
}

/** The loss of all batches of a step and its gradients. */
export interface ComparisonGradients {
  readonly value: Scalar;
  /** By the vectors of each batch. */
  readonly ofVectors: readonly NamedTensors[];
  /** By what learns, of the objective's own parameters alone; undefined where the loss itself does not depend on it. */
  readonly gradients: readonly (Tensor | undefined)[];
}

/** The loss over the vectors of several batches of one form, with its gradients; to be called in a tidy. */
export function comparisonGradients(
  comparison: Comparison,
  batches: readonly NamedTensors[],
  prepared: NamedTensors,
  learning: readonly LearningParameter[],
): ComparisonGradients {
  const names = Object.keys(batches[0]!);
  const whole = names.map((name) => concat(batches.map((vectors) => vectors[name]!))); // [batches * n, ...]
  const vectors = Object.fromEntries(names.map((name, index) => [name, whole[index]!]));
  const own = learning.filter(({ part }) => part === 'objective').map(({ parameter }) => parameter.variable);
  const loss = () => comparison.loss(vectors, prepared) as Scalar;
  const { value, grads } = engine().gradients(loss, [...whole, ...own], undefined as never, true);
  const parted = whole.map((vector, index) => {
    const gradient = grads[index] ?? fill(vector.shape, 0);
    return split(gradient, batches.length) as Tensor[];
  });
  const found = new Map(own.map((variable, index) => [variable, grads[whole.length + index]]));
  return {
    value: value as Scalar,
    ofVectors: batches.map((_, batch) =>
      Object.fromEntries(names.map((name, index) => [name, parted[index]![batch]!])),
    ),
    gradients: learning.map(({ parameter }) => found.get(parameter.variable) ?? undefined),
  };
}

/** The second pass: a number whose gradients are those of the loss by all that the vectors of a batch depend on. */
export function carriedOn(
  comparison: Comparison,
  parts: ModelParts,
  batch: Batch,
  context: ObjectiveContext,
  gradients: NamedTensors,
): Scalar {
  const vectors = comparison.vectors(parts, batch, context);
  const products = Object.entries(gradients).map(([name, gradient]) => sum(mul(vectors[name]!, gradient)));
  return addN(products) as Scalar;
}

/** @throws EimError `contract-mismatch` where batches of a step cannot be compared as one */
export function checkVectors(objective: string, batches: readonly NamedTensors[]): void {
  const described = batches.map((vectors) =>
    Object.entries(vectors)
      .map(([name, { shape }]) => `${name} [${shape}]`)
      .join(', '),
  );
  const other = described.find((one) => one !== described[0]);
  if (other === undefined) return;
  throw new EimError({
    code: 'contract-mismatch',
    message: `The objective '${objective}' compares ${described[0]} of one batch of a step and ${other} of another.`,
    advice: 'The shapes of its vectors must depend on the number of rows and pictures alone.',
    data: { objective, shapes: described },
  });
}
