import { tensor1d } from '@tensorflow/tfjs-core';
import type { Measurement } from '../gates/measurement.js';
import type { TrainingGroup } from './training-group.js';

/** Measures in the first process alone, where there are several, and tells the others: so all decide alike. */
export async function shareMeasurement(
  group: TrainingGroup | undefined,
  measure: () => Promise<Measurement>,
): Promise<Measurement> {
  if (!group) return measure();
  const own = group.rank === 0 ? await measure() : undefined;
  const value = own?.value ?? 0;
  // A number of 64 bits in two of 32.
  const rest = Number.isFinite(value) ? value - Math.fround(value) : 0;
  const [high = 0, low = 0, length = -1] = await fromFirst(group, [value, rest, own?.each?.length ?? -1]);
  if (length < 0) return { value: high + low };
  return { value: high + low, each: await fromFirst(group, own?.each ?? new Float32Array(length)) };
}

async function fromFirst(group: TrainingGroup, numbers: ArrayLike<number>): Promise<Float32Array> {
  const own = tensor1d(Float32Array.from(numbers));
  const shared = await group.fromFirst(own).finally(() => own.dispose());
  const values = (await shared.data()) as Float32Array;
  shared.dispose();
  return values;
}
