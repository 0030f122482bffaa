import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { argumentError } from '../../arguments/argument-error.js';
import { evaluationSchema } from '../../config/config-schema.js';
import { completeContext, type RunsContext } from '../../context.js';
import { completeDecoding, type DecodingChoice } from '../../evaluation/decoding.js';
import { programPluginLoader } from '../../model/plugin-loader.js';
import type { MetricSources } from '../../scoring/metric-sources.js';
import { answerItems } from '../answer-items.js';
import { benchmarkManifest } from '../benchmark-manifest.js';
import { evaluationFolder } from '../evaluation-folder.js';
import type { EvaluationOutcome } from '../finish-evaluation.js';
import { itemProgress } from '../item-progress.js';
import { type BenchmarkChoice, openBenchmark } from '../open-benchmark.js';
import { ResponseCache } from '../response-cache.js';
import { sha256 } from '../sha256.js';
import { type ShardOutcome, writeEvaluation } from '../write-evaluation.js';
import { apiAddress } from './api-address.js';
import { apiAnswerer } from './api-answerer.js';
import { ApiConnection } from './api-connection.js';
import { apiKey } from './api-key.js';
import { apiModel } from './api-model.js';

export interface EvaluateByApiOptions extends RunsContext, BenchmarkChoice, MetricSources {
  /** Address of a server with OpenAI's API: `http://127.0.0.1:8080/v1`. */
  readonly api: string;
  /** The server's name of the model. Absent: the only one that it lists. */
  readonly model?: string | undefined;
  /** Name of the environment variable with the key. Absent: none is sent. */
  readonly apiKeyEnv?: string | undefined;
  /** Requests at once. @default 4 */
  readonly concurrency?: number | undefined;
  /** How tokens are chosen; beams are refused, for which the API has no words. Absent: greedily. */
  readonly decoding?: DecodingChoice | undefined;
  /** Longest answer in tokens. @default 40, as in a config */
  readonly maxNewTokens?: number | undefined;
  /** Folder to write to. @default `evaluations/<host>-<model>` in the working folder, and in it one for the benchmark */
  readonly out?: string | undefined;
}

/** Holds the answers of an evaluation that is not at its end. */
const PARTIAL = 'answers-so-far.jsonl';

/**
 * Asks a server every item of a benchmark and scores the answers, as `evaluateBenchmark` does with a run. Each answer is kept in the
 * folder as it comes, so that an evaluation that was cut off goes on where it was; a finished one asks anew, as
 * only the server knows whether its model is still the same.
 * @throws EimError `network-failed` where there is no server, or it stays busy; `access-refused`; `invalid-argument` with the
 * server's words for what it refuses
 * @example
 * const api = 'http://127.0.0.1:8080/v1';
 * const { scores } = await evaluateByApi({ packages, api, benchmark: 'mme', data: 'MME' });
 */
export function evaluateByApi(
  options: EvaluateByApiOptions & { readonly shard?: undefined },
): Promise<EvaluationOutcome>;
export function evaluateByApi(options: EvaluateByApiOptions): Promise<EvaluationOutcome | ShardOutcome>;
export async function evaluateByApi(
  options: EvaluateByApiOptions,
): Promise<EvaluationOutcome | ShardOutcome> {
  const context = completeContext(options);
  const { concurrency = 4, maxNewTokens = evaluationSchema.parse({}).maxNewTokens } = options;
  const decoding = apiDecoding(options.decoding ?? {});
  const url = apiAddress(options.api);
  const key = apiKey(context.environment, options.apiKeyEnv);
  const opened = await openBenchmark(options, programPluginLoader(context));
  const { benchmark, use, shard } = opened;
  const connection = await ApiConnection.open({ ...context, url, key });
  try {
    const model = await apiModel(connection, options.model, context.signal);
    const manifest = benchmarkManifest(opened, {
      model: { api: url, name: model },
      decoding: { ...decoding, maxNewTokens },
    });
    const place = join('evaluations', `${new URL(url).host}-${model}`.replace(/[^\w.-]+/g, '-'));
    const target = resolve(context.workingFolder, options.out ?? evaluationFolder(place, use, shard));
    const soFar = join(target, PARTIAL);
    const answers = await answerItems(opened.asked, {
      benchmark,
      options: opened.options,
      answerer: apiAnswerer({ connection, model, decoding, maxNewTokens, concurrency }),
      fingerprint: sha256(`${url} ${model}`),
      decoding,
      maxNewTokens,
      cache: await ResponseCache.open(soFar),
      signal: context.signal,
      onProgress: itemProgress(benchmark.name, context),
    });
    const outcome = await writeEvaluation(target, opened, { manifest, answers }, options);
    await rm(soFar, { force: true });
    return outcome;
  } finally {
    await connection.close();
  }
}

function apiDecoding(choice: DecodingChoice) {
  const decoding = completeDecoding(choice);
  const beams = choice.lengthPenalty !== undefined ? '--length-penalty' : '--beams';
  if (decoding.beams === 1 && choice.lengthPenalty === undefined) return decoding;
  throw argumentError(
    `${beams} is of beam search, which the API of --api does not have.`,
    'Leave it out: the server decides greedily, or samples with --temperature.',
  );
}
