import { type CaptionScores, pairedBootstrap, scoreCaptions } from '@eim/benchmarks';
import type { CaptionDataset, RandomStream } from '@eim/contracts';
import type { Comparison } from '../report/report-data.js';
import { type ScoredBaseline, scoreBaselines } from './baselines.js';
import type { TrainedSide } from './train-side.js';

export interface ComparedRuns {
  /** In the order of the sides. */
  readonly scores: readonly CaptionScores[];
  readonly baselines: readonly ScoredBaseline[];
  readonly comparisons: readonly Comparison[];
}

/** Scores sides and baselines on the same pictures, and tests their differences in CIDEr by paired bootstrap. */
export async function compareRuns(
  sides: readonly TrainedSide[],
  dataset: CaptionDataset,
  split: string,
  random: RandomStream,
): Promise<ComparedRuns> {
  const pictures = dataset.split(split);
  const scored = sides.map(({ captions }) =>
    scoreCaptions(pictures.map(({ captions: references }, i) => ({ candidate: captions[i]!, references }))),
  );
  const baselines = await scoreBaselines(dataset, split);
  const named = [
    ...sides.map(({ run }, i) => ({
      name: run.name,
      values: scored[i]!.perPicture.map(({ CIDEr }) => CIDEr),
    })),
    ...baselines
      .filter(({ comparable }) => comparable)
      .map(({ name, ciderPerPicture }) => ({ name, values: ciderPerPicture })),
  ];
  const [plain, eim, ...others] = named;
  const compare = (better: (typeof named)[number], than: (typeof named)[number]): Comparison => {
    const { difference, twoSided: pValue } = pairedBootstrap({
      left: better.values,
      right: than.values,
      random,
    });
    return { better: better.name, than: than.name, metric: 'CIDEr', difference, pValue };
  };
  return {
    scores: scored.map(({ corpus }) => corpus),
    baselines,
    comparisons: [
      compare(eim!, plain!),
      ...[eim!, plain!].flatMap((side) => others.map((other) => compare(side, other))),
    ],
  };
}
