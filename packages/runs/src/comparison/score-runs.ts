import { type CaptionScores, pairedBootstrap } from '@eim/benchmarks';
import type { Dataset } from '@eim/contracts';
import { createRandomStream } from '@eim/engine';
import type { Comparison } from '@eim/report';
import { captionedRows } from '../evaluation/captioned-rows.js';
import { type ReferenceChoice, scoreCaptionPairs } from '../scoring/score-caption-pairs.js';
import type { NamedRetrieval } from './baselines/retrieval-baseline.js';
import { type ScoredBaseline, scoreBaselines } from './baselines/score-baselines.js';

/** The captions of one run, in the order of the split. */
export interface NamedCaptions {
  readonly name: string;
  readonly captions: readonly string[];
  /** What a retrieval from the run's encoder says of the same pictures. */
  readonly retrieval: NamedRetrieval;
}

export interface ScoredRuns {
  /** Scores in the order of the runs. */
  readonly scores: readonly CaptionScores[];
  readonly baselines: readonly ScoredBaseline[];
  /** The second run against the first, then each run against each baseline. */
  readonly comparisons: readonly Comparison[];
  /** Number of references that repeat another one of the same picture. */
  readonly repeatedReferences: number;
}

/**
 * Scores two runs and the baselines on the same pictures, and tests the differences in CIDEr by paired bootstrap.
 */
export async function scoreRuns(
  [first, second]: readonly [NamedCaptions, NamedCaptions],
  dataset: Dataset,
  split: string,
  choice: ReferenceChoice,
): Promise<ScoredRuns> {
  const pictures = captionedRows(dataset, split);
  const scored = [first, second].map(({ captions }) =>
    scoreCaptionPairs(
      pictures.map(({ id, answers: references }, i) => ({ id, candidate: captions[i]!, references })),
      choice,
    ),
  );
  const baselines = await scoreBaselines(dataset, split, choice, [first.retrieval, second.retrieval]);
  const perPicture = scored.map((report) => report.perPicture.map(({ CIDEr }) => CIDEr));
  const left: PerPicture = { name: first.name, ciderPerPicture: perPicture[0]! };
  const right: PerPicture = { name: second.name, ciderPerPicture: perPicture[1]! };
  const comparable = baselines.filter((baseline) => baseline.comparable);
  return {
    scores: scored.map(({ corpus }) => corpus),
    baselines,
    comparisons: [
      compare(right, left),
      ...[right, left].flatMap((run) => comparable.map((baseline) => compare(run, baseline))),
    ],
    repeatedReferences: scored[0]!.repeatedReferences,
  };
}

interface PerPicture {
  readonly name: string;
  readonly ciderPerPicture: readonly number[];
}

/** Every test draws the same pictures, so that its p-value does not depend on which other tests are made. */
function compare(better: PerPicture, than: PerPicture): Comparison {
  const { difference, oneSided, twoSided } = pairedBootstrap({
    left: better.ciderPerPicture,
    right: than.ciderPerPicture,
    random: createRandomStream('paired-bootstrap'),
  });
  return {
    better: better.name,
    than: than.name,
    metric: 'CIDEr',
    difference,
    pValue: twoSided,
    oneSidedPValue: oneSided,
  };
}
