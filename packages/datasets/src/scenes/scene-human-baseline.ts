import type { Dataset, SplitName } from '@eim/contracts';

/** One sentence to be scored against others of the same picture. */
export interface HumanCandidate {
  readonly id: string;
  readonly candidate: string;
  readonly references: readonly string[];
}

/**
 * Each picture's first sentence against the others: the score of one describer, to compare a model's score with. The describers draw their words independently, so any of the five would do.
 */
export function sceneHumanBaseline(dataset: Dataset, split: SplitName): HumanCandidate[] {
  return dataset.split(split).map(({ id, answers: [candidate, ...references] }) => ({
    id,
    candidate: candidate!,
    references,
  }));
}
