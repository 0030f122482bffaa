import type { ModelParts, Objective } from '@eim/contracts/model';
import type { Segment } from '../../plan/segment-schema.js';

/**
 * Whether the encoder's outputs stay the same throughout a segment: it does not learn, nothing is injected
 * into it and its pictures are not augmented.
 */
export function canCacheEncoder(
  { st }: Pick<ModelParts, 'st'>,
  objective: Pick<Objective, 'uses'>,
  segment: Pick<Segment, 'learn' | 'data'>,
): boolean {
  const frozen = (segment.learn.encoder?.select ?? 'frozen') === 'frozen';
  return objective.uses.encoder && frozen && !st.encoderInjection && segment.data.augment.length === 0;
}
