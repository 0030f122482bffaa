import type { ModelParts, Objective } from '@eim/contracts/model';
import { selectParameters } from '../../compose/select-parameters.js';
import type { Segment } from '../../plan/segment-schema.js';
import type { CachedFeature } from './feature-table.js';

/**
 * Whether the encoder's outputs stay the same throughout a segment: it does not learn, nor does what the ST puts into it, and
 * its pictures are not augmented.
 */
export function canCacheEncoder(
  { st }: Pick<ModelParts, 'st'>,
  objective: Pick<Objective, 'uses'>,
  segment: Pick<Segment, 'learn' | 'data'>,
): boolean {
  const frozen = (segment.learn.encoder?.select ?? 'frozen') === 'frozen';
  return (
    objective.uses.encoder && frozen && segment.data.augment.length === 0 && !injectionLearns(st, segment)
  );
}

function injectionLearns(st: ModelParts['st'], { learn }: Pick<Segment, 'learn'>): boolean {
  if (!st.encoderInjection) return false;
  const learning = new Set(selectParameters(st, learn.st?.select ?? 'frozen', 'st'));
  return (st.encoderParameters?.() ?? st.parameters()).some((parameter) => learning.has(parameter));
}

/** Outputs of the encoder that a segment reads, by what ST and objective say. */
export function featuresNeeded({ st }: Pick<ModelParts, 'st'>, objective: Objective): CachedFeature[] {
  const names = new Set<CachedFeature>(objective.reads ?? []);
  if (objective.uses.st) {
    for (const name of st.reads) names.add(name);
    for (const block of st.hiddenLayers ?? []) names.add(`hidden.${block}`);
  }
  return [...names].sort();
}
