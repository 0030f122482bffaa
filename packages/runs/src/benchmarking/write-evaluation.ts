import type { RunsContext } from '../context.js';
import type { MetricSources } from '../scoring/metric-sources.js';
import type { Answer } from './answer-items.js';
import { BenchmarkFolder } from './benchmark-folder.js';
import type { BenchmarkManifest } from './benchmark-manifest.js';
import { type EvaluationOutcome, finishEvaluation } from './finish-evaluation.js';
import type { OpenedBenchmark } from './open-benchmark.js';

/** What answering one shard gives; only the whole has scores. */
export interface ShardOutcome {
  readonly benchmark: string;
  readonly shard: string;
  readonly items: number;
  readonly folder: string;
}

/** Scores the answers to all items; those to a shard are written alone. */
export async function writeEvaluation(
  path: string,
  { benchmark, use, items, shard }: OpenedBenchmark,
  { manifest, answers }: { readonly manifest: BenchmarkManifest; readonly answers: readonly Answer[] },
  options: RunsContext & MetricSources,
): Promise<EvaluationOutcome | ShardOutcome> {
  const folder = await BenchmarkFolder.create(path);
  if (!shard) return await finishEvaluation(folder, { benchmark, manifest, items, answers }, options);
  await folder.write('manifest.json', manifest);
  await folder.write('answers.json', answers);
  return {
    benchmark: use,
    shard: `${shard.index}/${shard.count}`,
    items: answers.length,
    folder: folder.path,
  };
}
