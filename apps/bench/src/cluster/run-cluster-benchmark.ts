import { fileURLToPath } from 'node:url';
import { median } from '../engine-step/median.js';
import { askProcesses } from './ask-processes.js';
import type { LanguageRun } from './language-run.js';

/** Prints a {@link LanguageRun}; its arguments are rows, steps, and how it adds up. */
export const CLUSTER_WORKER = fileURLToPath(new URL('./cluster-worker.ts', import.meta.url));

export interface ClusterBenchmarkOptions {
  readonly processes: number;
  /** Rows of a step, of all processes together. */
  readonly rows: number;
  readonly steps: number;
  readonly rounds: number;
}

const KINDS = ['alone', 'silent', 'together'] as const;

/**
 * Seconds a step: of one process with all rows; of all processes, each with its rows, that do not add up; of all processes. Those of
 * processor time are the first process's.
 */
export type StepSeconds = Readonly<Record<(typeof KINDS)[number], number>>;

export interface ClusterTimes {
  readonly parameters: number;
  /** Medians of each round's steps, by the clock and in processor time, which counts nothing of what other programs take. */
  readonly rounds: readonly { readonly clock: StepSeconds; readonly processor: StepSeconds }[];
}

/** Times one process, processes that do all but add up, and processes that do, in turn. */
export async function runClusterBenchmark(options: ClusterBenchmarkOptions): Promise<ClusterTimes> {
  const rounds: { clock: StepSeconds; processor: StepSeconds }[] = [];
  let parameters = 0;
  for (let round = 0; round < options.rounds; round += 1) {
    const clock: Record<string, number> = {};
    const processor: Record<string, number> = {};
    for (const kind of KINDS) {
      const { processes, rows, steps } = options;
      const size = kind === 'alone' ? 1 : processes;
      const [first] = await askProcesses<LanguageRun>(CLUSTER_WORKER, size, [rows, steps, kind]);
      clock[kind] = median(first!.steps);
      processor[kind] = median(first!.processor);
      ({ parameters } = first!);
    }
    rounds.push({ clock: clock as StepSeconds, processor: processor as StepSeconds });
  }
  return { parameters, rounds };
}
