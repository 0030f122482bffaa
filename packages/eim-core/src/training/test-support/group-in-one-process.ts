import type { Tensor } from '@eim/contracts/model';
import { addN, clone, concat, keep } from '@tensorflow/tfjs-core';
import type { TrainingGroup } from '../sharing/training-group.js';

/** Operations of a group whose members are all in this process: each ends when all members have called it. */
export function groupInOneProcess(size: number): readonly TrainingGroup[] {
  const calls: { readonly given: Tensor[]; readonly wake: ((all: readonly Tensor[]) => void)[] }[] = [];
  const done = Array.from({ length: size }, () => 0);
  const meet = (
    rank: number,
    tensor: Tensor,
    result: (all: readonly Tensor[]) => Tensor,
  ): Promise<Tensor> => {
    const index = done[rank]!++;
    calls[index] ??= { given: [], wake: [] };
    const { given, wake } = calls[index];
    given[rank] = keep(clone(tensor));
    return new Promise((resolve) => {
      wake[rank] = (all) => resolve(keep(result(all)));
      if (wake.filter(Boolean).length < size) return;
      for (const woken of wake) woken(given);
      for (const own of given) own.dispose();
    });
  };
  return Array.from({ length: size }, (_, rank) => ({
    rank,
    size,
    sum: (tensor) => meet(rank, tensor, (all) => addN([...all])),
    gather: (tensor) => meet(rank, tensor, (all) => concat([...all])),
    fromFirst: (tensor) => meet(rank, tensor, ([first]) => clone(first!)),
  }));
}
