import { type CaptionScores, type NamedJson, scoreCaptions, tokenisePictures } from '@eim/benchmarks';
import { candidatePictures } from './candidate-pictures.js';

export interface CaptionMetricsReport {
  readonly pictures: number;
  readonly references: number;
  readonly runs: number;
  /** With nothing compiled yet, as a command sees it. */
  readonly firstSeconds: number;
  /** Median. */
  readonly seconds: number;
  readonly tokeniseSeconds: number;
  readonly scores: CaptionScores;
}

/** Scores the first caption of each picture as the candidate of the next, against all captions of that. */
export function runCaptionMetricsBenchmark(annotations: NamedJson, runs: number): CaptionMetricsReport {
  const pictures = candidatePictures(annotations);
  const total: number[] = [];
  const tokenise: number[] = [];
  let scores = timed(() => scoreCaptions(pictures), total).corpus;
  for (let run = 1; run < runs; run++) {
    scores = timed(() => scoreCaptions(pictures), total).corpus;
    timed(() => tokenisePictures(pictures), tokenise);
  }
  return {
    pictures: pictures.length,
    references: pictures.reduce((sum, { references }) => sum + references.length, 0),
    runs,
    firstSeconds: total[0]!,
    seconds: median(total),
    tokeniseSeconds: median(tokenise),
    scores,
  };
}

function timed<Result>(work: () => Result, seconds: number[]): Result {
  const started = performance.now();
  const result = work();
  seconds.push((performance.now() - started) / 1000);
  return result;
}

function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? Number.NaN;
}
