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
  const ofSt = objective.uses.st ? featuresReadBy(st) : [];
  return [...new Set<CachedFeature>([...(objective.reads ?? []), ...ofSt])].sort();
}

/** Outputs of the encoder that the ST reads. */
export function featuresReadBy({ reads, hiddenLayers = [] }: ModelParts['st']): CachedFeature[] {
  return [...reads, ...hiddenLayers.map((block): CachedFeature => `hidden.${block}`)];
}
