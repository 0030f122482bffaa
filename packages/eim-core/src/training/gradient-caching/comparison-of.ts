import type { Batch, Comparison, Objective } from '@eim/contracts/model';
import type { Segment } from '../../plan/segment-schema.js';

/** How a segment's steps compare the things of all their batches; undefined where each batch stands for itself. */
export function comparisonOf(
  { comparison }: Objective,
  { accumulate }: Pick<Segment, 'accumulate'>,
): Comparison | undefined {
  return accumulate > 1 ? comparison : undefined;
}

/** The loss of guessing in a segment's steps. @param shards one of their batches, in the parts that processes compute */
export function guessingLossOf(
  objective: Objective,
  segment: Pick<Segment, 'accumulate'>,
  shards: readonly Batch[],
): number | undefined {
  const times = comparisonOf(objective, segment) ? segment.accumulate : 1;
  const pictures = shards.reduce((sum, { pictureCount }) => sum + pictureCount, 0);
  return objective.guessingLoss?.({ ...shards[0]!, pictureCount: times * pictures });
}
