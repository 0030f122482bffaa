import type { WeightsDescription } from '@eim/contracts';

/** Weights of which only the description is read, and shapes of the tensors named. */
export const describedWeights = (
  config: Record<string, unknown>,
  shapes: Readonly<Record<string, readonly number[]>> = {},
  generationConfig?: Record<string, unknown>,
): WeightsDescription => ({
  name: 'described',
  files: [],
  config,
  ...(generationConfig && { generationConfig }),
  tensorNames: Object.keys(shapes),
  has: (name) => Object.hasOwn(shapes, name),
  info: (name) => ({ dtype: 'F32', shape: shapes[name]! }),
});
