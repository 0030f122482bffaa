import type {
  Batch,
  Comparison,
  ModelParts,
  Objective,
  ObjectiveContext,
  Preparation,
  Tensor,
  TensorShape,
} from '@eim/contracts/model';
import { uncounted } from '@eim/engine';
import { add, addN, mul, type Scalar, sum } from '@tensorflow/tfjs-core';
import { encodePictures } from '../../compose/encode-pictures.js';
import { BESIDE, type MeansOfStep, type StepContext } from '../gradient-caching/means-of-step.js';
import { byRowOf } from './prepared-batches.js';

/** A further loss of a segment, and how much it counts. */
export interface Auxiliary {
  readonly objective: Objective;
  readonly weight: number;
}

/**
 * One objective with further losses added, which share its run of the encoder. Metrics are the main objective's. Where several batches or
 * processes make one step, each loss is the mean over its own things in all of them, and those that compare things compare all.
 * @example
 * const objective = withAuxiliaries(caption, [{ objective: words, weight: 0.3 }]);
 */
export function withAuxiliaries(main: Objective, auxiliaries: readonly Auxiliary[]): Objective {
  const all = [main, ...auxiliaries.map(({ objective }) => objective)];
  const uses = {
    encoder: all.some((one) => one.uses.encoder),
    st: all.some((one) => one.uses.st),
    llm: all.some((one) => one.uses.llm),
  };
  const preparation = preparationOf(all);
  return {
    name: all.map(({ name }) => name).join('+'),
    uses,
    reads: [...new Set(all.flatMap(({ reads }) => reads ?? []))],
    ...(preparation && { preparation }),
    ...(all.every(({ takesViews }) => takesViews) && { takesViews: true as const }),
    ...(all.some(({ begin }) => begin) && {
      async begin(parts, context) {
        for (const one of all) await one.begin?.(parts, context);
      },
    }),
    ...(all.some(({ beginCost }) => beginCost) && {
      beginCost(vectorSize) {
        const costs = all.flatMap((one) => one.beginCost?.(vectorSize) ?? []);
        const sum = (of: (cost: (typeof costs)[number]) => number) =>
          costs.reduce((total, cost) => total + of(cost), 0);
        return { pictures: sum(({ pictures }) => pictures), multiplyAdds: sum((cost) => cost.multiplyAdds) };
      },
    }),
    parameters: () =>
      all.flatMap((one, index) =>
        (one.parameters?.() ?? []).map((parameter) => ({ ...parameter, name: `${index}.${parameter.name}` })),
      ),
    learningRateOf(name) {
      const [index, ...own] = name.split('.');
      return all[Number(index)]?.learningRateOf?.(own.join('.'));
    },
    loss(parts, batch, context) {
      const shared = withFeatures(parts, batch, context, uses.encoder);
      const losses = all.map((one, index) => one.loss(parts, ownBatch(shared, index), context));
      return auxiliaries.reduce<Tensor>(
        (total, { weight }, index) => add(total, mul(losses[index + 1]!, weight)),
        losses[0]!,
      );
    },
    comparison: comparisonOf(all, [1, ...auxiliaries.map(({ weight }) => weight)], uses.encoder),
    ...(main.comparisonCost && { comparisonCost: (parts, split) => main.comparisonCost!(parts, split) }),
    ...(main.evaluate && {
      evaluate: (parts, batches, context) => main.evaluate!(parts, batches, context),
    }),
    dispose() {
      for (const one of all) one.dispose?.();
    },
  };
}

/** How the losses of all batches of a step are told: what is compared, and beside it the means over the things of each batch. */
function comparisonOf(
  all: readonly Objective[],
  weights: readonly number[],
  usesEncoder: boolean,
): Comparison {
  const compared = all.flatMap((one, index) =>
    one.comparison ? [{ index, weight: weights[index]!, comparison: one.comparison }] : [],
  );
  const areShaped = compared.filter(({ comparison }) => comparison.preparation);
  return {
    vectors(parts, batch, { means, ...context }: StepContext) {
      const shared = withFeatures(parts, batch, context, usesEncoder);
      const vectors: Record<string, Tensor> = {};
      const beside: Tensor[] = [];
      for (const [index, one] of all.entries()) {
        const own = ownBatch(shared, index);
        if (one.comparison) Object.assign(vectors, named(index, one.comparison.vectors(parts, own, context)));
        else if (means) beside.push(mul(weighedMean(one, parts, own, context, means), weights[index]!));
      }
      return beside.length > 0 ? { ...vectors, [BESIDE]: addN(beside) } : vectors;
    },
    preparation: {
      shapes: (parts, batches) =>
        Object.assign(
          {},
          ...areShaped.map(({ index, comparison }) =>
            named(index, comparison.preparation!.shapes(parts, ownBatches(batches, index))),
          ),
        ),
      async prepare(parts, batches) {
        const prepared: Record<string, Tensor> = {};
        for (const { index, comparison } of areShaped) {
          const own = await comparison.preparation!.prepare(parts, ownBatches(batches, index));
          Object.assign(prepared, named(index, own));
        }
        return prepared;
      },
    },
    loss: (vectors, prepared) =>
      addN(
        compared.map(({ index, weight, comparison }) =>
          mul(comparison.loss(ownOf(vectors, index), ownOf(prepared, index)), weight),
        ),
      ),
  };
}

/** A loss of a batch, times its batch's share of all that it is the mean of. */
function weighedMean(
  objective: Objective,
  parts: ModelParts,
  batch: Batch,
  context: ObjectiveContext,
  means: MeansOfStep,
): Tensor {
  let count: Tensor | undefined;
  const weigh = (own: Tensor) => {
    count ??= own;
  };
  const lossOf = () => objective.loss(parts, batch, { ...context, weigh });
  const loss = means.counting ? uncounted(lossOf) : lossOf();
  return mul(loss, means.weigh(count ?? (sum(batch.targetWeights) as Scalar)));
}

/** The encoder runs once for all losses. */
function withFeatures(parts: ModelParts, batch: Batch, context: ObjectiveContext, isUsed: boolean): Batch {
  if (!isUsed || batch.pictureCount === 0 || batch.features) return batch;
  const { pixels: _, ...rest } = batch;
  return { ...rest, features: encodePictures(parts, batch, context) };
}

const ownKey = (index: number, name: string) => `${index}.${name}`;

/** The batch with what one objective prepared for itself. */
function ownBatch(batch: Batch, index: number): Batch {
  if (!batch.prepared) return batch;
  const { prepared, ...rest } = batch;
  const own = ownOf(prepared, index);
  return Object.keys(own).length > 0 ? { ...rest, prepared: own } : rest;
}

const ownBatches = (batches: readonly Batch[], index: number): readonly Batch[] =>
  batches.map((batch) => ownBatch(batch, index));

/** What is one objective's, under its own names. */
function ownOf<Value>(all: Readonly<Record<string, Value>>, index: number): Record<string, Value> {
  const start = ownKey(index, '');
  return Object.fromEntries(
    Object.entries(all).flatMap(([name, value]) =>
      name.startsWith(start) ? [[name.slice(start.length), value] as const] : [],
    ),
  );
}

/** What one objective names, under names that no other has. */
const named = <Value>(index: number, values: Readonly<Record<string, Value>>): Record<string, Value> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [ownKey(index, name), value]));

function preparationOf(all: readonly Objective[]): Preparation | undefined {
  if (all.every(({ preparation }) => preparation === undefined)) return undefined;
  return {
    byRow: byRowOf(all.flatMap(({ preparation }) => preparation ?? [])),
    shapes: (parts, batch) =>
      Object.assign(
        {},
        ...all.map((one, index) => named<TensorShape>(index, one.preparation?.shapes(parts, batch) ?? {})),
      ),
    async prepare(parts, batch, context) {
      const prepared: Record<string, Tensor> = {};
      for (const [index, one] of all.entries())
        Object.assign(prepared, named(index, (await one.preparation?.prepare(parts, batch, context)) ?? {}));
      return prepared;
    },
  };
}
