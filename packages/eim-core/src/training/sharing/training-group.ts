import type { Tensor } from '@eim/contracts/model';

/**
 * Processes that train one model together: each computes its own rows of every batch, and all take the same step. `joinCluster` of
 * `@eim/engine/node` gives one. All processes call the same operations in the same order.
 */
export interface TrainingGroup {
  /** This process's place, from 0. */
  readonly rank: number;
  readonly size: number;
  /** The sum of all processes' float tensors of one shape: the same bits in every process. */
  sum(tensor: Tensor): Promise<Tensor>;
  /** The first process's tensor. @param tensor in the others anything of the same shape */
  fromFirst(tensor: Tensor): Promise<Tensor>;
}
