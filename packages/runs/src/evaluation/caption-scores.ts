import type { Row } from '@eim/contracts';
import type { CompleteContext } from '../context.js';
import type { MetricSources } from '../scoring/metric-sources.js';
import { type ReferenceChoice, scoreCaptionPairs } from '../scoring/score-caption-pairs.js';
import { scoreSourced } from '../scoring/sourced-metrics.js';
import type { EvaluationRecord } from './evaluation-record.js';

export interface CaptionScoring extends ReferenceChoice, Pick<MetricSources, 'meteor' | 'spice'> {}

/** COCO's metrics of captions, with METEOR and SPICE if what they need is given. */
export async function captionScores(
  rows: readonly Row[],
  captions: readonly string[],
  { meteor, spice, distinctReferences = false }: CaptionScoring,
  context: CompleteContext,
): Promise<Pick<EvaluationRecord, 'scores' | 'references' | 'absent' | 'notes'>> {
  const scored = scoreCaptionPairs(
    rows.map(({ id, answers }, row) => ({ id, candidate: captions[row]!, references: answers })),
    { distinctReferences },
  );
  const sourced = await scoreSourced(scored, { meteor, spice }, context);
  const { METEOR: noMeteor, SPICE: noSpice } = sourced.absent;
  return {
    scores: { ...scored.corpus, ...sourced.scores },
    references: distinctReferences ? 'distinct' : 'all',
    absent: { ...(noMeteor && { METEOR: noMeteor }), ...(noSpice && { SPICE: noSpice }) },
    notes: sourced.notes,
  };
}
