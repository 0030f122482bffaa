import type { Terminal } from '../command/terminal.js';
import { usageError } from '../command/usage-error.js';
import { readConfig } from '../config/read-config.js';
import { completeDecoding, type DecodingChoice } from '../evaluation/decoding.js';
import { loadRunModel } from '../model/load-run-model.js';
import { pluginLoader } from '../model/plugin-loader.js';
import { Progress } from '../progress/progress.js';
import { RunFolder } from '../run-folder/run-folder.js';
import { type MetricSources, metricSources } from '../scoring/metric-sources.js';
import { startChosenEngine } from '../start-chosen-engine.js';
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
import { reportToParent } from './worker-process.js';

export interface EvaluateBenchmarkOptions
  extends DecodingChoice,
    Partial<Pick<MetricSources, 'meteor' | 'spice' | 'clip' | 'clipTokenizer'>> {
  readonly benchmark: string;
  readonly data: string | undefined;
  readonly shard: string | undefined;
  readonly out: string | undefined;
  readonly maxNewTokens: number | undefined;
  readonly engine: string | undefined;
  /** `name=value`, for the benchmark. */
  readonly words: readonly string[];
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
}

/** A shard's answers, which have no score of their own. */
export interface ShardOutcome {
  readonly benchmark: string;
  readonly shard: string;
  readonly items: number;
  readonly folder: string;
}

/** Asks the model of a run every item of a benchmark, or of one shard of it, and scores the whole. */
export async function evaluateBenchmark(
  run: string,
  options: EvaluateBenchmarkOptions,
): Promise<EvaluationOutcome | ShardOutcome> {
  const { terminal, signal, data } = options;
  if (data === undefined) throw usageError('--data is needed with --benchmark.', 'Write --data DIR.');
  const shard = options.shard === undefined ? undefined : readShard(options.shard);
  const folder = RunFolder.open(run);
  const { config } = await readConfig(folder.configFile, terminal);
  const { benchmark, use } = await resolveBenchmark(
    options.benchmark,
    pluginLoader(folder.configFile, terminal.workingFolder),
  );
  const chosen = readBenchmarkOptions(benchmark, options.words);
  const { items: all, files } = await openBenchmarkData(benchmark, data, chosen);
  const engine = await startChosenEngine(terminal, options.engine, config.engine);
  const { model, tokenizer } = await loadRunModel(folder, terminal.workingFolder);
  const progress = new Progress(terminal);
  const report = reportToParent(terminal.environment);
  try {
    const modelHash = await modelFingerprint(folder.modelFolder);
    const decoding = completeDecoding(options, config.evaluation.beams);
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
      cache: await ResponseCache.open(responseCacheFile(terminal.environment, fingerprint)),
      signal,
      onProgress: (done, total, fromCache) => {
        report?.({ done, total, fromCache });
        progress.update({
          label: benchmark.name,
          done,
          total,
          detail: `item ${done}/${total}${fromCache > 0 ? `, ${fromCache} from before` : ''}`,
        });
      },
    });
    const target = await BenchmarkFolder.create(options.out ?? evaluationFolder(folder.path, use, shard));
    if (!shard) {
      const sources = metricSources(options, { terminal, signal });
      return await finishEvaluation(target, benchmark, manifest, all, answers, sources);
    }
    await target.write('manifest.json', manifest);
    await target.write('answers.json', answers);
    return {
      benchmark: use,
      shard: `${shard.index}/${shard.count}`,
      items: answers.length,
      folder: target.path,
    };
  } finally {
    progress.finish();
    model.dispose();
  }
}
