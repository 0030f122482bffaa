import { EimError } from '@eim/contracts';
import type { Batch, ModelParts, Objective, ObjectiveContext, TensorShape } from '@eim/contracts/model';
import { dispose, fill } from '@tensorflow/tfjs-core';

/**
 * The batch with what its objective prepares for it.
 * @throws EimError `contract-mismatch` where that is not what the objective said it would be
 */
export async function prepareBatch(
  { name, preparation }: Objective,
  parts: ModelParts,
  batch: Batch,
  context: ObjectiveContext,
): Promise<Batch> {
  if (!preparation) return batch;
  const expected = described(preparation.shapes(parts, batch));
  const prepared = await preparation.prepare(parts, batch, context);
  const actual = described(prepared);
  if (actual === expected) return { ...batch, prepared };
  dispose({ ...prepared });
  throw new EimError({
    code: 'contract-mismatch',
    message: `The objective '${name}' prepared ${actual} and had said ${expected}.`,
    advice: 'Its `shapes` and `prepare` must agree for every batch.',
    data: { objective: name, actual, expected },
  });
}

/** The batch with zeros where its objective would prepare something: for what looks at shapes alone. */
export function prepareZeros({ preparation }: Objective, parts: ModelParts, batch: Batch): Batch {
  if (!preparation) return batch;
  const shapes = Object.entries(preparation.shapes(parts, batch));
  const zeros = shapes.map(([name, { shape, dtype = 'float32' }]) => [name, fill([...shape], 0, dtype)]);
  return { ...batch, prepared: Object.fromEntries(zeros) };
}

const described = (shapes: Readonly<Record<string, Omit<TensorShape, 'dtype'> & { dtype?: string }>>) =>
  Object.keys(shapes)
    .sort()
    .map((name) => `${name} ${shapes[name]!.dtype ?? 'float32'} [${shapes[name]!.shape}]`)
    .join(', ') || 'nothing';
