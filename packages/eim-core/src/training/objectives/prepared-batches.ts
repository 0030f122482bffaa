import type { Batch, ModelParts, ObjectiveContext, Preparation, Tensor } from '@eim/contracts/model';
import { dispose } from '@tensorflow/tfjs-core';

/** Several preparations as one; their tensors have different names. */
export function joinPreparations(all: readonly (Preparation | undefined)[]): Preparation | undefined {
  const given = all.filter((one) => one !== undefined);
  if (given.length <= 1) return given[0];
  return {
    byRow: byRowOf(given),
    shapes: (parts, batch) => Object.assign({}, ...given.map((one) => one.shapes(parts, batch))),
    async prepare(parts, batch, context) {
      const prepared: Record<string, Tensor> = {};
      for (const one of given) Object.assign(prepared, await one.prepare(parts, batch, context));
      return prepared;
    },
  };
}

/** What all of some preparations depend on. */
export function byRowOf(all: readonly Preparation[]): NonNullable<Preparation['byRow']> {
  if (all.some(({ byRow = false }) => byRow === false)) return false;
  return all.some(({ byRow }) => byRow === 'pictures') ? 'pictures' : true;
}

/** Batches of an evaluation with what a preparation gives for them, which is freed with the next one. */
export async function* preparedBatches(
  batches: AsyncIterable<Batch>,
  preparation: Preparation | undefined,
  parts: ModelParts,
  context: ObjectiveContext,
): AsyncGenerator<Batch> {
  for await (const batch of batches) {
    if (!preparation) {
      yield batch;
      continue;
    }
    const prepared = await preparation.prepare(parts, batch, context);
    try {
      yield { ...batch, prepared };
    } finally {
      dispose({ ...prepared });
    }
  }
}
