import { readConfig } from '../config/read-config.js';
import { completeContext, type RunsContext } from '../context.js';
import { startChosenEngine } from '../engine/start-chosen-engine.js';
import { completeDecoding, type DecodingChoice } from '../evaluation/decoding.js';
import { loadRunModel } from '../model/load-run-model.js';
import { pluginLoader } from '../model/plugin-loader.js';
import { RunFolder } from '../run-folder/run-folder.js';
import type { MetricSources } from '../scoring/metric-sources.js';
import { answerItems } from './answer-items.js';
import { benchmarkManifest } from './benchmark-manifest.js';
import { evaluationFolder } from './evaluation-folder.js';
import type { EvaluationOutcome } from './finish-evaluation.js';
import { itemProgress, type OnItems } from './item-progress.js';
import { modelAnswerer } from './model-answerer.js';
import { modelFingerprint } from './model-fingerprint.js';
import { type BenchmarkChoice, openBenchmark } from './open-benchmark.js';
import { ResponseCache } from './response-cache.js';
import { responseCacheFile } from './response-cache-file.js';
import { sha256 } from './sha256.js';
import { type ShardOutcome, writeEvaluation } from './write-evaluation.js';

/** What is asked of a model, and how. */
export interface BenchmarkRequest extends BenchmarkChoice {
  /** How tokens are chosen. Absent: greedily, with the beams of the run's config. */
  readonly decoding?: DecodingChoice | undefined;
  /** Longest answer in tokens. Absent: the config's. */
  readonly maxNewTokens?: number | undefined;
  /** Folder to write to. Absent: one in the run's folder. */
  readonly out?: string | undefined;
}

export interface EvaluateBenchmarkOptions extends RunsContext, BenchmarkRequest, MetricSources {
  /** Called after every batch with the items answered, the items in all, and the number found in the cache. */
  readonly onItems?: OnItems | undefined;
}

/**
 * Asks a run's model every item of a benchmark and scores the answers; of a single shard the answers alone are written. Answers are kept below
 * EIM_CACHE, so that an evaluation that was stopped goes on where it was.
 *
 * @example
 * const request = { benchmark: 'coco-caption', data: 'my-pictures' };
 * const { scores } = await evaluateBenchmark('runs/my-20250101-120000', { packages, ...request });
 */
export function evaluateBenchmark(
  run: string,
  options: EvaluateBenchmarkOptions & { readonly shard?: undefined },
): Promise<EvaluationOutcome>;
export function evaluateBenchmark(
  run: string,
  options: EvaluateBenchmarkOptions,
): Promise<EvaluationOutcome | ShardOutcome>;
export async function evaluateBenchmark(
  run: string,
  options: EvaluateBenchmarkOptions,
): Promise<EvaluationOutcome | ShardOutcome> {
  const context = completeContext(options);
  const folder = RunFolder.open(run);
  const { config } = await readConfig(folder.configFile, context);
  const opened = await openBenchmark(options, pluginLoader(folder.configFile, context));
  const engine = await startChosenEngine(context, config.engine);
  const { model, tokenizer } = await loadRunModel(folder, context);
  try {
    const modelHash = await modelFingerprint(folder.modelFolder);
    const decoding = completeDecoding(options.decoding ?? {}, config.evaluation.beams);
    const maxNewTokens = options.maxNewTokens ?? config.evaluation.maxNewTokens;
    const { batchSize } = config.evaluation;
    const fingerprint = sha256(`${modelHash} ${engine.name}`);
    const manifest = benchmarkManifest(opened, {
      model: { run, sha256: modelHash, engine: engine.name },
      decoding: { ...decoding, maxNewTokens },
    });
    const { benchmark, use, shard } = opened;
    const answers = await answerItems(opened.asked, {
      benchmark,
      options: opened.options,
      answerer: modelAnswerer({ model, tokenizer, decoding, maxNewTokens, batchSize }),
      fingerprint,
      decoding,
      maxNewTokens,
      cache: await ResponseCache.open(responseCacheFile(context.environment, fingerprint)),
      signal: context.signal,
      onProgress: itemProgress(benchmark.name, context, options.onItems),
    });
    const target = options.out ?? evaluationFolder(folder.path, use, shard);
    return await writeEvaluation(target, opened, { manifest, answers }, options);
  } finally {
    model.dispose();
  }
}
