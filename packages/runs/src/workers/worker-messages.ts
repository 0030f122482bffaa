import { EimError, type EimErrorCode } from '@eim/contracts';
import type { BenchmarkRequest } from '../benchmarking/evaluate-benchmark.js';
import type { ShardOutcome } from '../benchmarking/write-evaluation.js';
import type { ProgressEvent, RunsContext } from '../context.js';
import type { BaselinesRequest } from '../experiments/baselines/score-experiment-baselines.js';
import type { ExperimentPlan, PlanRequest } from '../experiments/planning/plan-experiment.js';
import type { BaselinesRecord } from '../experiments/records/baselines-record.js';
import type { AnyRecord } from '../experiments/records/unit-record.js';
import type { UnitRequest } from '../experiments/units/run-unit.js';

/** What a worker needs to know of its parent's surroundings, in values that JSON can hold. */
export interface WorkerSurroundings {
  /** URLs that the worker imports, by package name. */
  readonly packageUrls: Readonly<Record<string, string>>;
  readonly context: Pick<RunsContext, 'engine' | 'threads' | 'environment' | 'workingFolder'>;
}

/** Tasks by name: what is asked, what is told meanwhile, and what comes of it, in values that JSON can hold. */
export interface WorkerTasks {
  readonly 'answer-shard': {
    readonly request: BenchmarkRequest & {
      readonly run: string;
      readonly shard: string;
      readonly out: string;
    };
    readonly progress: ShardProgress;
    readonly outcome: ShardOutcome;
  };
  readonly 'plan-experiment': {
    readonly request: PlanRequest;
    readonly progress: ProgressEvent;
    readonly outcome: ExperimentPlan;
  };
  readonly 'run-unit': {
    readonly request: UnitRequest;
    readonly progress: ProgressEvent;
    readonly outcome: AnyRecord;
  };
  readonly 'score-baselines': {
    readonly request: BaselinesRequest;
    readonly progress: ProgressEvent;
    readonly outcome: BaselinesRecord;
  };
}
export type WorkerTaskName = keyof WorkerTasks;

/** The task of a worker. */
export interface WorkerTask<Name extends WorkerTaskName = WorkerTaskName> extends WorkerSurroundings {
  readonly name: Name;
  readonly request: WorkerTasks[Name]['request'];
}

/** How far the answering of a shard is. */
export interface ShardProgress {
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
export type FromWorker<Name extends WorkerTaskName = WorkerTaskName> =
  | { readonly kind: 'progress'; readonly progress: WorkerTasks[Name]['progress'] }
  | { readonly kind: 'note'; readonly text: string }
  | { readonly kind: 'outcome'; readonly outcome: WorkerTasks[Name]['outcome'] }
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
