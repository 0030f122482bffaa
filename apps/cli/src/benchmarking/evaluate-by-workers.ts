import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { EimError } from '@eim/contracts';
import { kebabCase } from '../command/kebab-case.js';
import { usageError } from '../command/usage-error.js';
import { Progress } from '../progress/progress.js';
import { RunFolder } from '../run-folder/run-folder.js';
import { metricSources } from '../scoring/metric-sources.js';
import type { EvaluateBenchmarkOptions, ShardOutcome } from './evaluate-benchmark.js';
import { evaluationFolder } from './evaluation-folder.js';
import type { EvaluationOutcome } from './finish-evaluation.js';
import { mergeShards } from './merge-shards.js';
import { startWorker, type Worker, type WorkerProgress } from './worker-process.js';

/** Options that each worker gets as they are. */
const PASSED_ON = [
  'benchmark',
  'data',
  'beams',
  'lengthPenalty',
  'temperature',
  'topP',
  'topK',
  'seed',
  'maxNewTokens',
  'engine',
] as const;

/**
 * An evaluation by several processes, each of which answers a shard on its part of the threads. Where one fails the
 * others are stopped, and its error is thrown; answers that were given are kept.
 */
export async function evaluateByWorkers(
  run: string,
  count: number,
  options: EvaluateBenchmarkOptions,
): Promise<EvaluationOutcome> {
  const { terminal, signal } = options;
  if (options.shard !== undefined) {
    throw usageError('--workers and --shard exclude each other.', 'Choose one: workers are shards.');
  }
  const threads = Number(terminal.environment.EIM_THREADS) || availableParallelism();
  const each = Math.max(1, Math.floor(threads / count));
  terminal.stderr.write(`${count} workers, ${each} ${each === 1 ? 'thread' : 'threads'} each\n`);
  const parts = await mkdtemp(join(tmpdir(), 'eim-workers-'));
  const progress = new Progress(terminal);
  const states: (WorkerProgress | undefined)[] = Array.from({ length: count }, () => undefined);
  const show = () => {
    const known = states.filter((state) => state !== undefined);
    if (known.length < count) return;
    const sum = (of: (state: WorkerProgress) => number) => known.reduce((total, one) => total + of(one), 0);
    const [done, total, before] = [
      sum((one) => one.done),
      sum((one) => one.total),
      sum((one) => one.fromCache),
    ];
    const detail = `item ${done}/${total}${before > 0 ? `, ${before} from before` : ''}`;
    progress.update({ label: options.benchmark, done, total, detail });
  };
  try {
    const folders = states.map((_, index) => join(parts, String(index + 1)));
    const workers = folders.map((out, index) => {
      const own = ['--shard', `${index + 1}/${count}`, '--out', out, '--threads', String(each)];
      return startWorker([...wordsFor(run, options), ...own], (state) => {
        states[index] = state;
        show();
      });
    });
    const outcomes = await allOrStop(workers, signal);
    progress.finish();
    const { benchmark } = outcomes[0] as ShardOutcome;
    const out = options.out ?? evaluationFolder(RunFolder.open(run).path, benchmark);
    return await mergeShards(folders, { out, sources: metricSources(options, { terminal, signal }) });
  } finally {
    progress.finish();
    await rm(parts, { recursive: true, force: true });
  }
}

function wordsFor(run: string, options: EvaluateBenchmarkOptions): string[] {
  const words = ['eval', run, ...options.words];
  for (const name of PASSED_ON) {
    const value = options[name];
    if (value !== undefined) words.push(`--${kebabCase(name)}=${value}`);
  }
  return words;
}

/** All documents. At the first failure, or an abort, the others are stopped and waited for. */
async function allOrStop(workers: readonly Worker[], signal: AbortSignal): Promise<unknown[]> {
  const stopAll = () => {
    for (const worker of workers) worker.stop();
  };
  signal.addEventListener('abort', stopAll, { once: true });
  try {
    let first: unknown;
    const ended = workers.map((worker) =>
      worker.document.catch((error: unknown) => {
        if (first === undefined) {
          first = error;
          stopAll();
        }
        return undefined;
      }),
    );
    if (signal.aborted) stopAll();
    const documents = await Promise.all(ended);
    if (signal.aborted) throw new EimError({ code: 'interrupted', message: 'Stopped.' });
    if (first !== undefined) throw first;
    return documents;
  } finally {
    signal.removeEventListener('abort', stopAll);
  }
}
