import type {
  Batch,
  ModelParts,
  Objective,
  ObjectiveContext,
  Preparation,
  Tensor,
  TensorShape,
} from '@eim/contracts/model';
import { add, mul } from '@tensorflow/tfjs-core';
import { encodePictures } from '../../compose/encode-pictures.js';

/** A further loss of a segment, and how much it counts. */
export interface Auxiliary {
  readonly objective: Objective;
  readonly weight: number;
}

/**
 * One objective with further losses added, which share its run of the encoder. Metrics are the main objective's.
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
      // Batches count as they do for the main loss.
      const { weigh: _, ...unweighed } = context;
      const losses = all.map((one, index) =>
        one.loss(parts, ownBatch(shared, index), index === 0 ? context : unweighed),
      );
      return auxiliaries.reduce<Tensor>(
        (total, { weight }, index) => add(total, mul(losses[index + 1]!, weight)),
        losses[0]!,
      );
    },
    ...(main.comparisonCost && { comparisonCost: (parts, split) => main.comparisonCost!(parts, split) }),
    ...(main.evaluate && {
      evaluate: (parts, batches, context) => main.evaluate!(parts, batches, context),
    }),
    dispose() {
      for (const one of all) one.dispose?.();
    },
  };
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
  const start = ownKey(index, '');
  const own = Object.entries(prepared).flatMap(([name, tensor]) =>
    name.startsWith(start) ? [[name.slice(start.length), tensor] as const] : [],
  );
  return own.length > 0 ? { ...rest, prepared: Object.fromEntries(own) } : rest;
}

function preparationOf(all: readonly Objective[]): Preparation | undefined {
  if (all.every(({ preparation }) => preparation === undefined)) return undefined;
  const named = <Value>(index: number, values: Readonly<Record<string, Value>>) =>
    Object.entries(values).map(([name, value]) => [ownKey(index, name), value] as const);
  return {
    byRow: all.every(({ preparation }) => !preparation || preparation.byRow),
    shapes: (parts, batch) =>
      Object.fromEntries(
        all.flatMap((one, index) => named<TensorShape>(index, one.preparation?.shapes(parts, batch) ?? {})),
      ),
    async prepare(parts, batch, context) {
      const prepared: Record<string, Tensor> = {};
      for (const [index, one] of all.entries()) {
        const own = (await one.preparation?.prepare(parts, batch, context)) ?? {};
        Object.assign(prepared, Object.fromEntries(named(index, own)));
      }
      return prepared;
    },
  };
}
