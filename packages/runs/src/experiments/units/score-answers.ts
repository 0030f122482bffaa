import type { BenchmarkScores } from '@eim/contracts';
import { openBenchmarkData } from '../../benchmarking/benchmark-data.js';
import { BenchmarkFolder } from '../../benchmarking/benchmark-folder.js';
import { evaluateBenchmark } from '../../benchmarking/evaluate-benchmark.js';
import { resolveBenchmark } from '../../benchmarking/resolve-benchmark.js';
import { scoreAnswers as scoredAnswers } from '../../benchmarking/score-answers.js';
import type { TrainedRun } from '../../comparison/trained-run.js';
import type { CompleteContext } from '../../context.js';
import { pluginLoader } from '../../model/plugin-loader.js';
import { hashOf } from '../description/config-hash.js';
import type { ScoreInput } from '../description/experiment-schema.js';
import type { AnswerScore } from '../records/answer-score.js';
import { coreSecondsOf } from './core-seconds.js';
import { significant } from './significant.js';

export interface ScoreAnswersOptions {
  readonly context: CompleteContext;
  readonly onProgress: (done: number, total: number) => void;
}

/** Asks a trained run a benchmark's questions, as `eim eval --benchmark` does; answers and scores stay in its folder. */
export async function scoreAnswers(
  run: TrainedRun,
  { use, data, options }: NonNullable<ScoreInput['benchmark']>,
  { context, onProgress }: ScoreAnswersOptions,
): Promise<AnswerScore> {
  const began = performance.now();
  const words = Object.entries(options).map(([name, value]) => `${name}=${value}`);
  const { result, coreSeconds } = await coreSecondsOf(() =>
    evaluateBenchmark(run.folder.path, {
      ...context,
      ...{ benchmark: use, data, words },
      onProgress: ({ done, total }) => onProgress(done, total),
    }),
  );
  const folder = BenchmarkFolder.open(result.folder);
  const [manifest, answers] = [await folder.manifest(), await folder.answers()];
  const { benchmark } = await resolveBenchmark(use, pluginLoader(run.folder.configFile, context));
  const { items } = await openBenchmarkData(benchmark, data, manifest.options);
  const scored = scoredAnswers(benchmark, manifest, items, answers);
  const { absent, baselines, ...scores } = scored.scores;
  return {
    benchmark: result.benchmark,
    options: { ...manifest.options },
    items: items.length,
    seconds: significant((performance.now() - began) / 1000),
    coreSeconds: significant(coreSeconds),
    scores: numbersOf(scores),
    absent: textsOf(absent),
    baselines: Object.fromEntries(
      Object.entries(partsOf(baselines)).map(([name, line]) => [name, numbersOf(partsOf(line))]),
    ),
    questions: hashOf([manifest.data.files, items.map(({ id }) => id)]),
    right: scored.items.map(({ rank }) => (rank === 1 ? '1' : '0')).join(''),
  };
}

const partsOf = (scores: BenchmarkScores[string] | undefined): BenchmarkScores =>
  typeof scores === 'object' ? scores : {};

/** The numbers among scores and their parts, to six decimals. */
function numbersOf(scores: BenchmarkScores, before = ''): Record<string, number> {
  return Object.fromEntries(
    Object.entries(scores).flatMap(([name, value]): [string, number][] => {
      const label = `${before}${name}`;
      if (typeof value === 'number') return [[label, Number(value.toFixed(6))]];
      return typeof value === 'object' ? Object.entries(numbersOf(value, `${label} `)) : [];
    }),
  );
}

const textsOf = (scores: BenchmarkScores[string] | undefined): Record<string, string> =>
  Object.fromEntries(Object.entries(partsOf(scores)).map(([name, reason]) => [name, String(reason)]));
