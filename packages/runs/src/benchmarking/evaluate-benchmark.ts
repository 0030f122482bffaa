import { readConfig } from '../config/read-config.js';
import { completeContext, type RunsContext } from '../context.js';
import { startChosenEngine } from '../engine/start-chosen-engine.js';
import { completeDecoding, type DecodingChoice } from '../evaluation/decoding.js';
import { loadRunModel } from '../model/load-run-model.js';
import { pluginLoader } from '../model/plugin-loader.js';
import { RunFolder } from '../run-folder/run-folder.js';
import type { MetricSources } from '../scoring/metric-sources.js';
import { VERSION } from '../version.js';
import { answerItems } from './answer-items.js';
import { openBenchmarkData } from './benchmark-data.js';
import { BenchmarkFolder } from './benchmark-folder.js';
import type { BenchmarkManifest } from './benchmark-manifest.js';
import { readBenchmarkOptions } from './benchmark-options.js';
import { evaluationFolder } from './evaluation-folder.js';
import { type EvaluationOutcome, finishEvaluation } from './finish-evaluation.js';
import { modelFingerprint } from './model-fingerprint.js';
import { resolveBenchmark } from './resolve-benchmark.js';
import { ResponseCache } from './response-cache.js';
import { responseCacheFile } from './response-cache-file.js';
import { sha256 } from './sha256.js';
import { itemsOfShard, readShard } from './shard.js';

/** What is asked of a model, and how. */
export interface BenchmarkRequest {
  /** `coco-caption`, `scienceqa`, `mme`, or one of a package: `@acme/package/entry`. */
  readonly benchmark: string;
  /** Folder of the benchmark's files and pictures. */
  readonly data: string;
  /** Options of the benchmark, as `name=value`. @default [] */
  readonly words?: readonly string[] | undefined;
  /** How tokens are chosen. Absent: greedily, with the beams of the run's config. */
  readonly decoding?: DecodingChoice | undefined;
  /** Longest answer in tokens. Absent: the config's. */
  readonly maxNewTokens?: number | undefined;
  /** `i/n`: answer only every n-th item, from the i-th on; `mergeShards` joins the shards. */
  readonly shard?: string | undefined;
  /** Folder to write to. Absent: one in the run's folder. */
  readonly out?: string | undefined;
}

export interface EvaluateBenchmarkOptions extends RunsContext, BenchmarkRequest, MetricSources {
  /** Called after every batch with the items answered, the items in all, and the number found in the cache. */
  readonly onItems?: ((done: number, total: number, fromCache: number) => void) | undefined;
}

/** What answering one shard gives; only the whole has scores. */
export interface ShardOutcome {
  readonly benchmark: string;
  readonly shard: string;
  readonly items: number;
  readonly folder: string;
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
  const { data, words = [], onItems } = options;
  const shard = options.shard === undefined ? undefined : readShard(options.shard);
  const folder = RunFolder.open(run);
  const { config } = await readConfig(folder.configFile, context);
  const { benchmark, use } = await resolveBenchmark(
    options.benchmark,
    pluginLoader(folder.configFile, context),
  );
  const chosen = readBenchmarkOptions(benchmark, words);
  const { items: all, files } = await openBenchmarkData(benchmark, data, chosen);
  const engine = await startChosenEngine(context, config.engine);
  const { model, tokenizer } = await loadRunModel(folder, context);
  try {
    const modelHash = await modelFingerprint(folder.modelFolder);
    const decoding = completeDecoding(options.decoding ?? {}, config.evaluation.beams);
    const maxNewTokens = options.maxNewTokens ?? config.evaluation.maxNewTokens;
    const fingerprint = sha256(`${modelHash} ${engine.name}`);
    const manifest: BenchmarkManifest = {
      benchmark: use,
      options: chosen,
      data: {
        folder: data,
        files,
        items: all.length,
        textAlone: all.filter(({ picture }) => picture === undefined).length,
      },
      model: { run, sha256: modelHash, engine: engine.name },
      decoding: { ...decoding, maxNewTokens },
      firstPrompt: benchmark.prompt(all[0]!.item, chosen),
      ...(shard && { shard }),
      eim: VERSION,
      node: process.versions.node,
    };
    const answers = await answerItems(shard ? itemsOfShard(all, shard) : all, {
      benchmark,
      options: chosen,
      model,
      fingerprint,
      tokenizer,
      decoding,
      maxNewTokens,
      batchSize: config.evaluation.batchSize,
      cache: await ResponseCache.open(responseCacheFile(context.environment, fingerprint)),
      signal: context.signal,
      onProgress: (done, total, fromCache) => {
        onItems?.(done, total, fromCache);
        context.onProgress({
          label: benchmark.name,
          done,
          total,
          detail: `item ${done}/${total}${fromCache > 0 ? `, ${fromCache} from before` : ''}`,
        });
      },
    });
    const target = await BenchmarkFolder.create(options.out ?? evaluationFolder(folder.path, use, shard));
    if (!shard) return await finishEvaluation(target, { benchmark, manifest, items: all, answers }, options);
    await target.write('manifest.json', manifest);
    await target.write('answers.json', answers);
    return {
      benchmark: use,
      shard: `${shard.index}/${shard.count}`,
      items: answers.length,
      folder: target.path,
    };
  } finally {
    model.dispose();
  }
}
