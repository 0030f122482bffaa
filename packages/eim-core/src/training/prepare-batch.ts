import { EimError } from '@eim/contracts';
import type {
  Batch,
  Comparison,
  ModelParts,
  Objective,
  ObjectiveContext,
  Tensor,
  TensorShape,
} from '@eim/contracts/model';
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
  const expected = preparation.shapes(parts, batch);
  return { ...batch, prepared: asSaid(name, expected, await preparation.prepare(parts, batch, context)) };
}

/**
 * What an objective compares all batches of a step with, beside their vectors; the caller disposes of it.
 * @throws EimError `contract-mismatch` where that is not what the objective said it would be
 */
export async function prepareComparison(
  name: string,
  { preparation }: Comparison,
  parts: ModelParts,
  batches: readonly Batch[],
): Promise<Readonly<Record<string, Tensor>>> {
  if (!preparation) return {};
  const expected = preparation.shapes(parts, batches);
  return asSaid(name, expected, await preparation.prepare(parts, batches));
}

function asSaid<Prepared extends Readonly<Record<string, Tensor>>>(
  objective: string,
  shapes: Shapes,
  prepared: Prepared,
): Prepared {
  const [expected, actual] = [described(shapes), described(prepared)];
  if (actual === expected) return prepared;
  dispose({ ...prepared });
  throw new EimError({
    code: 'contract-mismatch',
    message: `The objective '${objective}' prepared ${actual} and had said ${expected}.`,
    advice: 'Its `shapes` and `prepare` must agree for every batch.',
    data: { objective, actual, expected },
  });
}

/** The batch with zeros where its objective would prepare something: for what looks at shapes alone. */
export function prepareZeros({ preparation }: Objective, parts: ModelParts, batch: Batch): Batch {
  return preparation ? { ...batch, prepared: zerosOf(preparation.shapes(parts, batch)) } : batch;
}

/** Zeros of some shapes. */
export function zerosOf(shapes: Readonly<Record<string, TensorShape>>): Record<string, Tensor> {
  return Object.fromEntries(
    Object.entries(shapes).map(([name, { shape, dtype }]) => [name, fill([...shape], 0, dtype)]),
  );
}

type Shapes = Readonly<Record<string, Omit<TensorShape, 'dtype'> & { dtype?: string }>>;

const described = (shapes: Shapes) =>
  Object.keys(shapes)
    .sort()
    .map((name) => `${name} ${shapes[name]!.dtype ?? 'float32'} [${shapes[name]!.shape}]`)
    .join(', ') || 'nothing';
