import { humanAgreement, modalCaption } from '@eim/benchmarks';
import type { Dataset } from '@eim/contracts';
import type { BaselineScores } from '@eim/report';
import { captionedRows } from '../../evaluation/captioned-rows.js';
import { type ReferenceChoice, scoreCaptionPairs } from '../../scoring/score-caption-pairs.js';
import { nearestCaptions } from './nearest-captions.js';
import { handMadeRetrieval, type NamedRetrieval } from './retrieval-baseline.js';

/** A baseline's scores, with each picture's CIDEr for paired tests. */
export interface ScoredBaseline extends BaselineScores {
  readonly ciderPerPicture: readonly number[];
  /** False for the human baseline, which has one reference fewer. */
  readonly comparable: boolean;
}

/**
 * Baselines to compare a model's scores with, on one split. The human baseline is absent if no picture has two distinct
 * references. It never counts a repeated reference, as a sentence would then be compared with itself.
 */
export async function scoreBaselines(
  dataset: Dataset,
  split: string,
  choice: ReferenceChoice,
  retrievals: readonly NamedRetrieval[] = [],
): Promise<ScoredBaseline[]> {
  const pictures = captionedRows(dataset, split);
  const train = captionedRows(dataset, 'train');
  const { caption: common } = modalCaption(train.flatMap(({ answers }) => answers));
  const nearest = await nearestCaptions(train, pictures);
  const scored = (name: string, explanation: string, candidates: readonly string[]): ScoredBaseline => {
    const report = scoreCaptionPairs(
      pictures.map(({ id, answers: references }, i) => ({ id, candidate: candidates[i]!, references })),
      choice,
    );
    const ciderPerPicture = report.perPicture.map(({ CIDEr }) => CIDEr);
    return { name, explanation, scores: report.corpus, ciderPerPicture, comparable: true };
  };
  const distinct = pictures.map(({ answers }) => [...new Set(answers)]);
  const human = (): ScoredBaseline => ({
    name: 'One human sentence',
    explanation: "each picture's first sentence against its others: what a person scores",
    scores: humanAgreement(distinct).corpus,
    ciderPerPicture: [],
    comparable: false,
  });
  const handMade = await handMadeRetrieval(dataset, split);
  return [
    ...(distinct.some(({ length }) => length > 1) ? [human()] : []),
    scored(
      'Most common caption',
      `“${common}” for every picture`,
      new Array<string>(pictures.length).fill(common),
    ),
    scored('Nearest picture', 'a sentence of the training picture with the nearest pixels', nearest),
    ...[handMade, ...retrievals].map(({ name, explanation, captions }) =>
      scored(name, explanation, captions),
    ),
  ];
}
