import type { Batch, Comparison, Objective } from '@eim/contracts/model';
import type { Segment } from '../../plan/segment-schema.js';

/** How a segment's steps compare the things of all their batches; undefined where each batch stands for itself. */
export function comparisonOf(
  { comparison }: Objective,
  { accumulate }: Pick<Segment, 'accumulate'>,
): Comparison | undefined {
  return accumulate > 1 ? comparison : undefined;
}

/** The loss of guessing in a segment's steps, by one of their batches. */
export function guessingLossOf(
  objective: Objective,
  segment: Pick<Segment, 'accumulate'>,
  batch: Batch,
): number | undefined {
  const times = comparisonOf(objective, segment) ? segment.accumulate : 1;
  return objective.guessingLoss?.({ ...batch, pictureCount: times * batch.pictureCount });
}
