import type { Benchmark, BenchmarkScores, CaptionPair } from '@eim/contracts';
import type { Answer } from './answer-items.js';
import type { BenchmarkItem } from './benchmark-data.js';
import type { BenchmarkManifest } from './benchmark-manifest.js';

/** What a report shows of one item. */
export interface ScoredItem {
  readonly id: string;
  readonly picture: string | undefined;
  readonly prompt: string;
  readonly text: string;
  /** The right answer in words; absent if the benchmark does not give it. */
  readonly expected: string;
  /** Higher is better; undefined where the benchmark does not rank. */
  readonly rank: number | undefined;
}

export interface ScoredAnswers {
  readonly scores: BenchmarkScores;
  readonly items: readonly ScoredItem[];
  /** Captions with their references; present for a benchmark of captions. */
  readonly captions?: readonly CaptionPair[];
}

/** Parses and scores answers as the benchmark does, in the order of the items. */
export function scoreAnswers(
  benchmark: Benchmark,
  { options }: Pick<BenchmarkManifest, 'options'>,
  items: readonly BenchmarkItem[],
  answers: readonly Answer[],
): ScoredAnswers {
  const byId = new Map(answers.map((answer) => [answer.id, answer]));
  const all = items.map(({ item }) => item);
  const predictions = items.map(({ id, item }) => benchmark.parse(byId.get(id)!.text, item, options));
  const ranks = benchmark.rank?.(predictions, all);
  const captions = benchmark.captions?.(predictions, all);
  return {
    ...(captions && { captions }),
    scores: benchmark.aggregate(predictions, all, options),
    items: items.map(({ id, item, picture }, index) => {
      const { prompt, text } = byId.get(id)!;
      return {
        id,
        picture,
        prompt,
        text,
        expected: benchmark.expected?.(item) ?? '',
        rank: ranks?.[index],
      };
    }),
  };
}
