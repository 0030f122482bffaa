import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { median } from '../engine-step/median.js';
import type { LanguageRun } from './language-run.js';

const WORKER = fileURLToPath(new URL('./cluster-worker.ts', import.meta.url));

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
      const [first] = await runProcesses(kind === 'alone' ? 1 : options.processes, kind, options);
      clock[kind] = median(first!.steps);
      processor[kind] = median(first!.processor);
      ({ parameters } = first!);
    }
    rounds.push({ clock: clock as StepSeconds, processor: processor as StepSeconds });
  }
  return { parameters, rounds };
}

async function runProcesses(
  size: number,
  adding: string,
  { rows, steps }: ClusterBenchmarkOptions,
): Promise<LanguageRun[]> {
  const addresses = await freeAddresses(size);
  return Promise.all(
    addresses.map(async (_, rank) => {
      const args = [WORKER, rows, steps, adding, rank, ...addresses].map(String);
      const child = spawn(process.execPath, [...process.execArgv, ...args], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let said = '';
      for await (const text of child.stdout.setEncoding('utf8')) said += text;
      return JSON.parse(said.trim().split('\n').at(-1) ?? '') as LanguageRun;
    }),
  );
}

async function freeAddresses(count: number): Promise<string[]> {
  const servers = Array.from({ length: count }, () => createServer());
  const ports = await Promise.all(
    servers.map(async (server) => {
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      return (server.address() as { port: number }).port;
    }),
  );
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports.map((port) => `127.0.0.1:${port}`);
}
