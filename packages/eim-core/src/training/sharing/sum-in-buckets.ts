import type { Tensor } from '@eim/contracts/model';
import { concat, reshape, slice } from '@tensorflow/tfjs-core';
import type { TrainingGroup } from './training-group.js';

/** Elements from which on a tensor is added up by itself, and up to which small ones are joined: 2 MiB. */
const BUCKET = 2 ** 19;

/**
 * Sums of tensors over all processes, within a step. Small ones are joined, as each sum costs a round through all processes;
 * large ones are not, so that their sums begin while others are still computed.
 * @param tensors in the order in which the step has them ready
 * @returns in that order
 */
export function sumInBuckets(
  group: Required<Pick<TrainingGroup, 'sumInStep'>>,
  tensors: readonly Tensor[],
): Tensor[] {
  let place = 0;
  return bucketsOf(tensors).flatMap((bucket) => {
    if (bucket.length === 1) return [group.sumInStep(bucket[0]!, place++)];
    const joined = concat(bucket.map((tensor) => reshape(tensor, [tensor.size]))); // [W]
    const sums = group.sumInStep(joined, place++); // [W]
    let start = 0;
    return bucket.map(({ size, shape }) => {
      start += size;
      return reshape(slice(sums, [start - size], [size]), shape);
    });
  });
}

function bucketsOf(tensors: readonly Tensor[]): Tensor[][] {
  const buckets: Tensor[][] = [];
  let room = 0;
  for (const tensor of tensors) {
    if (tensor.size > room) {
      buckets.push([]);
      room = BUCKET;
    }
    buckets.at(-1)!.push(tensor);
    room -= tensor.size;
  }
  return buckets;
}
