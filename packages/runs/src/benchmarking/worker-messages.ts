import { EimError, type EimErrorCode } from '@eim/contracts';
import type { RunsContext } from '../context.js';
import type { BenchmarkRequest, ShardOutcome } from './evaluate-benchmark.js';

/** The task of a worker, in values that JSON can hold. */
export interface WorkerTask {
  readonly run: string;
  /** URLs that the worker imports, by package name. */
  readonly packageUrls: Readonly<Record<string, string>>;
  readonly context: Pick<RunsContext, 'engine' | 'threads' | 'environment' | 'workingFolder'>;
  readonly request: BenchmarkRequest & { readonly shard: string; readonly out: string };
}

/** How far a worker is. */
export interface WorkerProgress {
  readonly done: number;
  readonly total: number;
  readonly fromCache: number;
}

/** An error as plain values: an EimError, an error of the operating system, or one that should not happen. */
export interface SentError {
  readonly message: string;
  readonly stack?: string | undefined;
  /** Present for an EimError: its own fields. */
  readonly eim?: { readonly code: EimErrorCode; readonly advice?: string; readonly data: object };
  /** Code of an error of the operating system: `ENOENT`. */
  readonly code?: string | undefined;
  readonly path?: string | undefined;
}

export type ToWorker = { readonly kind: 'task'; readonly task: WorkerTask } | { readonly kind: 'stop' };
export type FromWorker =
  | { readonly kind: 'progress'; readonly progress: WorkerProgress }
  | { readonly kind: 'outcome'; readonly outcome: ShardOutcome }
  | { readonly kind: 'error'; readonly error: SentError };

/** An error as a message can hold it. */
export function sentError(error: unknown): SentError {
  if (EimError.isInstance(error)) {
    const { code, message, advice, data, stack } = error;
    return { message, stack, eim: { code, ...(advice !== undefined && { advice }), data } };
  }
  if (!(error instanceof Error)) return { message: String(error) };
  const { message, stack, code, path } = error as NodeJS.ErrnoException;
  return { message, stack, code, path };
}

/** The error that was sent. */
export function receivedError({ message, stack, eim, code, path }: SentError): Error {
  if (eim) {
    const { advice } = eim;
    return new EimError({
      code: eim.code,
      // An EimError's message ends with its advice.
      message: advice === undefined ? message : message.replace(` ${advice}`, ''),
      ...(advice !== undefined && { advice }),
      data: { ...eim.data },
    });
  }
  const error = Object.assign(new Error(message), {
    ...(code !== undefined && { code }),
    ...(path !== undefined && { path }),
  });
  if (stack !== undefined) error.stack = stack;
  return error;
}
