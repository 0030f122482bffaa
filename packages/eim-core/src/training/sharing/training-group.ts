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
  /**
   * The same sum within a step, which may be recorded: it begins as soon as the tensor is there, while whatever else the step
   * computes goes on. Absent: sums are taken between steps.
   * @param place sums of one step have places of their own, in the same order in every process
   */
  sumInStep?(tensor: Tensor, place: number): Tensor;
  /** What an error of a step with such sums means. */
  explain?(cause: unknown): unknown;
  /** All processes' float tensors `[N, ...]` of one shape, `[size * N, ...]`, in the order of their ranks. */
  gather(tensor: Tensor): Promise<Tensor>;
  /** The first process's tensor. @param tensor in the others anything of the same shape */
  fromFirst(tensor: Tensor): Promise<Tensor>;
}
