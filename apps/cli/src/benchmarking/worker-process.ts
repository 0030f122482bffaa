import { type ChildProcess, spawn } from 'node:child_process';
import { EimError } from '@eim/contracts';
import { errorOf } from '../engines/run-self.js';

/** Marks a process that a parent started to answer a shard. */
const MARK = 'EIM_EVALUATION_WORKER';

/** How far a worker is. */
export interface WorkerProgress {
  readonly done: number;
  readonly total: number;
  readonly fromCache: number;
}

export interface Worker {
  /** The JSON document that it printed. Rejects with its error where it failed. */
  readonly document: Promise<unknown>;
  /** Asks it to stop after the batch in hand. */
  stop(): void;
}

/** Runs this command once more, in a process of its own that tells how far it is. */
export function startWorker(
  words: readonly string[],
  onProgress: (progress: WorkerProgress) => void,
): Worker {
  const child: ChildProcess = spawn(
    process.execPath,
    [...process.execArgv, process.argv[1]!, ...words, '--json'],
    {
      env: { ...process.env, [MARK]: '1' },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      // A group of its own: a Ctrl-C reaches the parent alone, which passes it on once.
      detached: true,
    },
  );
  let out = '';
  let err = '';
  child.stdout!.on('data', (bytes) => {
    out += String(bytes);
  });
  child.stderr!.on('data', (bytes) => {
    err += String(bytes);
  });
  child.on('message', (message) => onProgress(message as WorkerProgress));
  const document = new Promise<unknown>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, by) => {
      if (code === 0) resolve(JSON.parse(out));
      else reject(by === null ? errorOf(err, code, by) : killed(by));
    });
  });
  return { document, stop: () => void child.kill('SIGINT') };
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

/**
 * Tells the parent how far this process is, where it is a worker. One whose parent is gone stops as by Ctrl-C.
 * @returns undefined where it is no worker
 */
export function reportToParent(
  environment: Readonly<Record<string, string | undefined>>,
): ((progress: WorkerProgress) => void) | undefined {
  if (environment[MARK] === undefined || process.send === undefined) return undefined;
  process.once('disconnect', () => process.kill(process.pid, 'SIGINT'));
  process.channel?.unref();
  return (progress) => {
    if (process.connected) process.send!(progress);
  };
}
