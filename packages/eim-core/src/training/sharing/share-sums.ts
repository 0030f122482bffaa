import type { Variable } from '@eim/contracts/model';
import { concat, reshape, slice, tidy } from '@tensorflow/tfjs-core';
import type { TrainingGroup } from './training-group.js';

/** Makes variables the sums of all processes' values, in one operation. */
export async function shareSums(group: TrainingGroup, sums: readonly Variable[]): Promise<void> {
  const own = tidy(() => concat(sums.map((sum) => reshape(sum, [sum.size])))); // [W]
  const all = await group.sum(own).finally(() => own.dispose()); // [W]
  let start = 0;
  for (const sum of sums) {
    tidy(() => sum.assign(reshape(slice(all, [start], [sum.size]), sum.shape)));
    start += sum.size;
  }
  all.dispose();
}
