import type { RandomStream, Variable } from '@eim/contracts/model';
import type { LearningParameter } from '../optimizer/learning-parameter.js';
import { LowRankWeight } from './low-rank-weight.js';

/**
 * What an optimizer steps: of everything that learns in a segment the parameter itself, or the two factors of its update where
 * it learns in low rank. The caller disposes of {@link lowRankWeights}.
 * @param random forked for each weight by its name
 */
export function learnInLowRank(
  learning: readonly LearningParameter[],
  random: RandomStream,
): readonly LearningParameter[] {
  return learning.flatMap((one) => {
    const { lowRank, name, parameter: _, ...how } = one;
    if (!lowRank) return [one];
    const updated = new LowRankWeight(one, lowRank, random.fork(name));
    return [
      { ...how, name: `${name}.lora.a`, parameter: updated.a, factorOf: updated },
      { ...how, name: `${name}.lora.b`, parameter: updated.b, factorOf: updated },
    ];
  });
}

/** The weights that factors among what learns belong to, each once. */
export function lowRankWeights(learning: readonly LearningParameter[]): readonly LowRankWeight[] {
  return [...new Set(learning.flatMap(({ factorOf }) => factorOf ?? []))];
}

/** Everything that an update writes: what learns, and the weights that low-rank factors belong to. */
export function steppedVariables(learning: readonly LearningParameter[]): Variable[] {
  return [
    ...learning.map(({ parameter }) => parameter.variable),
    ...lowRankWeights(learning).map(({ weight }) => weight.variable),
  ];
}
