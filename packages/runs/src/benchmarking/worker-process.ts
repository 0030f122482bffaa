import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { EimError } from '@eim/contracts';
import type { ShardOutcome } from './evaluate-benchmark.js';
import {
  type FromWorker,
  receivedError,
  type ToWorker,
  type WorkerProgress,
  type WorkerTask,
} from './worker-messages.js';

export type { WorkerProgress };

export interface Worker {
  /** The worker's outcome. Rejects with the worker's error if it fails. */
  readonly outcome: Promise<ShardOutcome>;
  /** Asks the worker to stop after its current batch. */
  stop(): void;
}

/** Starts `@eim/runs/worker` in a process of its own, which does the task and reports its progress. */
export function startWorker(task: WorkerTask, onProgress: (progress: WorkerProgress) => void): Worker {
  const file = fileURLToPath(import.meta.resolve('@eim/runs/worker'));
  const child = spawn(process.execPath, [...process.execArgv, file], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    // In a process group of its own, so that Ctrl-C reaches only the parent, which passes it on once.
    detached: true,
  });
  const send = (message: ToWorker) => {
    if (child.connected) child.send(message);
  };
  let written = '';
  child.stderr!.on('data', (bytes) => {
    written += String(bytes);
  });
  let ended: ShardOutcome | Error | undefined;
  child.on('message', (message: FromWorker) => {
    if (message.kind === 'progress') onProgress(message.progress);
    else ended = message.kind === 'outcome' ? message.outcome : receivedError(message.error);
  });
  const outcome = new Promise<ShardOutcome>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, by) => {
      if (ended instanceof Error) reject(ended);
      else if (ended !== undefined) resolve(ended);
      else reject(by === null ? crashed(code, written) : killed(by));
    });
  });
  send({ kind: 'task', task });
  return { outcome, stop: () => send({ kind: 'stop' }) };
}

function killed(by: NodeJS.Signals): EimError {
  return new EimError({
    code: 'out-of-memory',
    message: `A worker was ended by ${by}.`,
    advice:
      'Memory may have run out: run the command again with fewer workers. Answers that were given are kept.',
    data: { signal: by },
  });
}

function crashed(code: number | null, written: string): Error {
  const words = written.trim().split('\n').slice(-3).join('\n');
  return new Error(`A worker ended with ${code}${words && `:\n${words}`}`);
}
