import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { EimError } from '@eim/contracts';
import { argumentError } from '../arguments/argument-error.js';
import { completeContext } from '../context.js';
import { RunFolder } from '../run-folder/run-folder.js';
import type { ShardProgress } from '../workers/worker-messages.js';
import { startWorker, type Worker } from '../workers/worker-process.js';
import type { EvaluateBenchmarkOptions } from './evaluate-benchmark.js';
import { evaluationFolder } from './evaluation-folder.js';
import type { EvaluationOutcome } from './finish-evaluation.js';
import { mergeShards } from './merge-shards.js';
import type { ShardOutcome } from './write-evaluation.js';

export interface EvaluateByWorkersOptions extends EvaluateBenchmarkOptions {
  /** Number of processes, each on its part of the threads. */
  readonly workers: number;
  /**
   * The URL that a worker imports for each package, by package name: `import.meta.resolve(name)`, resolved where the program
   * depends on them.
   */
  readonly packageUrls: Readonly<Record<string, string>>;
}

/**
 * Evaluates with several processes, each of which answers a shard on its part of the threads. If one fails, the others are
 * stopped and its error is thrown; answers given so far are kept.
 *
 * @example
 * const packageUrls = { '@acme/parity': import.meta.resolve('@acme/parity') };
 * const request = { benchmark: '@acme/parity/parity', data: 'parity' };
 * const { scores } = await evaluateByWorkers(run, { packages, packageUrls, workers: 2, ...request });
 */
export async function evaluateByWorkers(
  run: string,
  options: EvaluateByWorkersOptions,
): Promise<EvaluationOutcome> {
  const { workers: count, packageUrls, benchmark, data, words, decoding, maxNewTokens } = options;
  const { engine, threads: asked, environment, workingFolder, signal, ...context } = completeContext(options);
  if (options.shard !== undefined) {
    throw argumentError('--workers and --shard exclude each other.', 'Choose one: workers are shards.');
  }
  const threads = asked ?? (Number(environment.EIM_THREADS) || availableParallelism());
  const each = Math.max(1, Math.floor(threads / count));
  context.onNote(`${count} workers, ${each} ${each === 1 ? 'thread' : 'threads'} each`);
  const parts = await mkdtemp(join(tmpdir(), 'eim-workers-'));
  const states: (ShardProgress | undefined)[] = Array.from({ length: count }, () => undefined);
  const tell = () => {
    const known = states.filter((state) => state !== undefined);
    if (known.length < count) return;
    const sum = (of: (state: ShardProgress) => number) => known.reduce((total, one) => total + of(one), 0);
    const done = sum((one) => one.done);
    const total = sum((one) => one.total);
    const before = sum((one) => one.fromCache);
    const detail = `item ${done}/${total}${before > 0 ? `, ${before} from before` : ''}`;
    context.onProgress({ label: benchmark, done, total, detail });
  };
  try {
    const folders = states.map((_, index) => join(parts, String(index + 1)));
    const workers = folders.map((out, index) =>
      startWorker(
        {
          name: 'answer-shard',
          packageUrls,
          context: { engine, threads: each, environment, workingFolder },
          request: {
            run,
            benchmark,
            data,
            words,
            decoding,
            maxNewTokens,
            shard: `${index + 1}/${count}`,
            out,
          },
        },
        {
          onProgress: (state) => {
            states[index] = state;
            tell();
          },
          adviceIfKilled:
            'Memory may have run out: run the command again with fewer workers. Answers that were given are kept.',
        },
      ),
    );
    const [first] = await allOrStop(workers, signal);
    const out = options.out ?? evaluationFolder(RunFolder.open(run).path, first!.benchmark);
    return await mergeShards(folders, { ...options, out });
  } finally {
    await rm(parts, { recursive: true, force: true });
  }
}

/** All outcomes. At the first failure, or an abort, the others are stopped and waited for. */
async function allOrStop(
  workers: readonly Worker<'answer-shard'>[],
  signal: AbortSignal,
): Promise<ShardOutcome[]> {
  const stopAll = () => {
    for (const worker of workers) worker.stop();
  };
  signal.addEventListener('abort', stopAll, { once: true });
  try {
    let first: unknown;
    const ended = workers.map(({ outcome }) =>
      outcome.catch((error: unknown) => {
        if (first === undefined) {
          first = error;
          stopAll();
        }
        return undefined;
      }),
    );
    if (signal.aborted) stopAll();
    const outcomes = await Promise.all(ended);
    if (signal.aborted) throw new EimError({ code: 'interrupted', message: 'Stopped.' });
    if (first !== undefined) throw first;
    return outcomes.map((outcome) => outcome!);
  } finally {
    signal.removeEventListener('abort', stopAll);
  }
}
