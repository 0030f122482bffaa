import type { Measurement } from '../gates/measurement.js';
import type { NamedArray } from '../optimizer/snapshot.js';

const NAME = 'before';

/** What a gate measured of single pictures, for a checkpoint. */
export function keptValues(values: Float32Array): NamedArray[] {
  return [{ name: NAME, shape: [values.length], data: values }];
}

/** Takes up what {@link keptValues} kept. */
export function readValues(kept: readonly NamedArray[] = []): Pick<Measurement, 'each'> {
  const found = kept.find(({ name }) => name === NAME);
  return found ? { each: Float32Array.from(found.data) } : {};
}
