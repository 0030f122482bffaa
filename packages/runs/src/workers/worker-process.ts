import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { EimError } from '@eim/contracts';
import {
  type FromWorker,
  receivedError,
  type ToWorker,
  type WorkerTask,
  type WorkerTaskName,
  type WorkerTasks,
} from './worker-messages.js';

export interface Worker<Name extends WorkerTaskName> {
  /** The worker's outcome. Rejects with the worker's error if it fails. */
  readonly outcome: Promise<WorkerTasks[Name]['outcome']>;
  /** Asks the worker to stop as soon as it can without losing anything. */
  stop(): void;
}

/** Who hears what a worker tells while it works. */
export interface WorkerListener<Name extends WorkerTaskName> {
  readonly onProgress: (progress: WorkerTasks[Name]['progress']) => void;
  readonly onNote?: ((text: string) => void) | undefined;
  /** What to do if it was ended from outside, mostly as memory ran out. */
  readonly adviceIfKilled: string;
}

/** Starts `@eim/runs/worker` in a process of its own, which does the task and ends. */
export function startWorker<Name extends WorkerTaskName>(
  task: WorkerTask<Name>,
  { onProgress, onNote, adviceIfKilled }: WorkerListener<Name>,
): Worker<Name> {
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
  let ended: WorkerTasks[Name]['outcome'] | Error | undefined;
  child.on('message', (message: FromWorker<Name>) => {
    if (message.kind === 'progress') onProgress(message.progress);
    else if (message.kind === 'note') onNote?.(message.text);
    else ended = message.kind === 'outcome' ? message.outcome : receivedError(message.error);
  });
  const outcome = new Promise<WorkerTasks[Name]['outcome']>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, by) => {
      if (ended instanceof Error) reject(ended);
      else if (ended !== undefined) resolve(ended);
      else reject(by === null ? crashed(code, written) : killed(by, adviceIfKilled));
    });
  });
  send({ kind: 'task', task: task as WorkerTask });
  return { outcome, stop: () => send({ kind: 'stop' }) };
}

function killed(by: NodeJS.Signals, advice: string): EimError {
  return new EimError({
    code: 'out-of-memory',
    message: `A worker was ended by ${by}.`,
    advice,
    data: { signal: by },
  });
}

function crashed(code: number | null, written: string): Error {
  const words = written.trim().split('\n').slice(-3).join('\n');
  return new Error(`A worker ended with ${code}${words && `:\n${words}`}`);
}
