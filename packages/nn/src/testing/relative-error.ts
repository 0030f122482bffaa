import type { Tensor } from '@eim/contracts/model';

/** max |actual - expected| / max |expected|; throws where the shapes differ. */
export function relativeError(actual: Tensor, expected: Tensor): number {
  if (String(actual.shape) !== String(expected.shape)) {
    throw new Error(`The shapes differ: [${actual.shape}] and [${expected.shape}]`);
  }
  const values = actual.dataSync();
  let difference = 0;
  let size = 0;
  expected.dataSync().forEach((value, index) => {
    difference = Math.max(difference, Math.abs(values[index]! - value));
    size = Math.max(size, Math.abs(value));
  });
  return Number.isNaN(difference) ? Infinity : difference / size;
}
