import { EimError } from '@eim/contracts';
import type { Batch, Comparison, ModelParts, ObjectiveContext, Tensor } from '@eim/contracts/model';
import {
  add,
  addN,
  concat,
  div,
  engine,
  fill,
  maximum,
  mul,
  type Scalar,
  scalar,
  split,
  sum,
  tidy,
} from '@tensorflow/tfjs-core';
import type { LearningParameter } from '../optimizer/learning-parameter.js';
import { LEAST_COUNT } from '../summed-update.js';
import { BESIDE, COUNTS, CountedMeans, type StepContext, WeighedMeans } from './means-of-step.js';

/** Tensors by name. */
export type NamedTensors = Readonly<Record<string, Tensor>>;

/**
 * The first pass: what is compared of a batch, without gradients, and over how many things the means beside it are. The caller
 * disposes of it.
 */
export function comparedVectors(
  comparison: Comparison,
  parts: ModelParts,
  batch: Batch,
  context: ObjectiveContext,
): NamedTensors {
  return tidy(() => {
    const means = new CountedMeans();
    const counting: StepContext = { ...context, means };
    const { [BESIDE]: beside, ...vectors } = comparison.vectors(parts, batch, counting);
    const all = { ...vectors, ...(beside && { [COUNTS]: means.counts }) };
    // Clones, as a vector may be a tensor of the batch itself.
    return Object.fromEntries(Object.entries(all).map(([name, vector]) => [name, vector.clone()]));
  });
}

/** The loss of all batches of a step and its gradients. */
export interface ComparisonGradients {
  /** Of what is compared. */
  readonly value: Scalar;
  /** By the vectors of each batch; in place of its counts, what its means are multiplied by. */
  readonly ofVectors: readonly NamedTensors[];
  /** By what learns, of the objective's own parameters alone; undefined where the loss itself does not depend on it. */
  readonly gradients: readonly (Tensor | undefined)[];
}

/** The loss over the vectors of several batches, with its gradients; to be called in a tidy. */
export function comparisonGradients(
  comparison: Comparison,
  batches: readonly NamedTensors[],
  prepared: NamedTensors,
  learning: readonly LearningParameter[],
): ComparisonGradients {
  const names = Object.keys(batches[0]!).filter((name) => name !== COUNTS);
  const whole = names.map((name) => concat(batches.map((vectors) => vectors[name]!))); // [batches * n, ...]
  const vectors = Object.fromEntries(names.map((name, index) => [name, whole[index]!]));
  const own = learning.filter(({ part }) => part === 'objective').map(({ parameter }) => parameter.variable);
  const loss = () => comparison.loss(vectors, prepared) as Scalar;
  const { value, grads } =
    names.length > 0
      ? engine().gradients(loss, [...whole, ...own], undefined as never, true)
      : { value: scalar(0), grads: [] };
  const parted = whole.map((vector, index) => {
    const gradient = grads[index] ?? fill(vector.shape, 0);
    const sizes = batches.map((ofBatch) => ofBatch[names[index]!]!.shape[0]!);
    return split(gradient, sizes) as Tensor[];
  });
  const found = new Map(own.map((variable, index) => [variable, grads[whole.length + index]]));
  const shares = sharesOf(batches);
  return {
    value: value as Scalar,
    ofVectors: batches.map((_, batch) => ({
      ...Object.fromEntries(names.map((name, index) => [name, parted[index]![batch]!])),
      ...(shares && { [COUNTS]: shares[batch]! }),
    })),
    gradients: learning.map(({ parameter }) => found.get(parameter.variable) ?? undefined),
  };
}

/** For each batch its share of all things that each mean is over, `[1, L]`. */
function sharesOf(batches: readonly NamedTensors[]): Tensor[] | undefined {
  if (!batches[0]![COUNTS]) return undefined;
  const total = maximum(addN(batches.map((ofBatch) => ofBatch[COUNTS]!)), LEAST_COUNT); // [1, L]
  return batches.map((ofBatch) => div(ofBatch[COUNTS]!, total));
}

/** What the second pass over a batch differentiates. */
export interface CarriedOn {
  /** A number whose gradients are those of the loss by all that the batch's vectors and means depend on. */
  readonly differentiated: Scalar;
  /** The batch's part of the loss beside the comparison. Absent: there is none. */
  readonly beside?: Tensor | undefined;
}

/** The second pass. @param gradients what {@link comparisonGradients} gives for the batch */
export function carriedOn(
  comparison: Comparison,
  parts: ModelParts,
  batch: Batch,
  context: ObjectiveContext,
  { [COUNTS]: shares, ...gradients }: NamedTensors,
): CarriedOn {
  const weighing: StepContext = { ...context, means: shares && new WeighedMeans(shares) };
  const { [BESIDE]: beside, ...vectors } = comparison.vectors(parts, batch, weighing);
  const products = Object.entries(gradients).map(([name, gradient]) => sum(mul(vectors[name]!, gradient)));
  const compared = products.length > 0 ? addN(products) : undefined;
  const differentiated = (compared && beside ? add(compared, beside) : (compared ?? beside)) as Scalar;
  return { differentiated, beside };
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
