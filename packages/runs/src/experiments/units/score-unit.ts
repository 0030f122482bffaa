import type { CaptionScores } from '@eim/benchmarks';
import type { Dataset } from '@eim/contracts';
import { captionSplit } from '../../comparison/caption-split.js';
import type { TrainedRun } from '../../comparison/trained-run.js';
import type { CompleteContext } from '../../context.js';
import { captionedRows } from '../../evaluation/captioned-rows.js';
import { scoreCaptionPairs } from '../../scoring/score-caption-pairs.js';
import { hashOf } from '../description/config-hash.js';
import type { Experiment } from '../description/read-experiment.js';
import type { ScoreRecord } from '../records/unit-record.js';
import { coreSecondsOf } from './core-seconds.js';
import { picturesApart } from './pictures-apart.js';
import { significant } from './significant.js';

export interface ScoreUnitOptions {
  readonly dataset: Dataset;
  readonly context: CompleteContext;
  readonly onProgress: (done: number, total: number) => void;
}

/** Captions and scores the experiment's split with a trained run; the captions stay in its folder. */
export async function scoreUnit(
  run: TrainedRun,
  { score: { split, references, apart } }: Pick<Experiment, 'score'>,
  { dataset, context, onProgress }: ScoreUnitOptions,
): Promise<ScoreRecord> {
  const rows = captionedRows(dataset, split);
  const began = performance.now();
  const { result, coreSeconds } = await coreSecondsOf(() =>
    captionSplit(run, { dataset, split, context, onProgress }),
  );
  const { captions, retrieval } = result;
  const scored = (texts: readonly string[], places = rows.map((_, place) => place)) =>
    scoreCaptionPairs(
      places.map((place) => {
        const { id, answers } = rows[place]!;
        return { id, candidate: texts[place]!, references: answers };
      }),
      { distinctReferences: references === 'distinct' },
    );
  const own = scored(captions);
  const parts: ScoreRecord['apart'] = {};
  for (const [name, choice] of Object.entries(apart)) {
    const places = await picturesApart(rows, choice);
    parts[name] = {
      pictures: places.length,
      scores: rounded(scored(captions, places).corpus),
      retrieval: rounded(scored(retrieval.captions, places).corpus),
    };
  }
  await run.folder.writeJson(`captions-${split}.json`, {
    split,
    captions: rows.map(({ id }, place) => ({ image_id: id, caption: captions[place]! })),
  });
  return {
    split,
    references,
    pictures: rows.length,
    seconds: significant((performance.now() - began) / 1000),
    coreSeconds: significant(coreSeconds),
    scores: rounded(own.corpus),
    retrieval: rounded(scored(retrieval.captions).corpus),
    apart: parts,
    samples: samplePlaces(rows.length).map((place) => ({
      picture: rows[place]!.id,
      caption: captions[place]!,
    })),
    pictureIds: hashOf(rows.map(({ id }) => id)),
    ciderPerPicture: own.perPicture.map(({ CIDEr }) => Number(CIDEr.toFixed(4))),
  };
}

/** Pictures whose captions a record keeps. */
const SAMPLES = 12;

/** Places evenly spread over a split: always the same, so that arms can be read side by side. */
function samplePlaces(count: number): number[] {
  const samples = Math.min(SAMPLES, count);
  return Array.from({ length: samples }, (_, index) => Math.floor(((index + 0.5) * count) / samples));
}

/** Scores to six decimals: what a record keeps. */
export function rounded(scores: CaptionScores): Record<string, number> {
  return Object.fromEntries(
    Object.entries(scores).map(([metric, value]) => [metric, Number((value as number).toFixed(6))]),
  );
}
