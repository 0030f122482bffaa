import { basename } from 'node:path';
import type { DataHashes } from '../run-folder/record/data-hashes.js';
import type { RunSession } from '../run-folder/record/environment-record.js';
import type { Ancestor, LineageReader } from './lineage.js';
import type { RunFiles } from './run-files.js';
import { runScores, type ScoresOf } from './run-scores.js';
import { type RunState, runState } from './run-state.js';
import { type ValidationNumber, validationNumbers } from './run-validation.js';

/** A run in a list. What its folder does not tell is null. */
export interface RunSummary {
  readonly folder: string;
  readonly name: string;
  readonly state: RunState;
  /** Names of the plan's segments. */
  readonly segments: readonly string[];
  readonly engine: string | null;
  /** Optimizer steps taken, and minutes of training. */
  readonly steps: number;
  readonly minutes: number;
  readonly validation: readonly ValidationNumber[];
  readonly scores: readonly ScoresOf[];
  /** Parameters of the model at inference; known once a run has finished. */
  readonly parameters: number | null;
  readonly startedAt: string | null;
  /** Version and git commit of the program. */
  readonly eim: string | null;
  readonly commit: string | null;
  readonly configHash: string | null;
  /** True where `config.yaml` is no longer what the run began with; null where that was not recorded. */
  readonly configChanged: boolean | null;
  readonly data: DataHashes | null;
  readonly modelHash: string | null;
  /** Processes that trained it: its start, and each time it was resumed. */
  readonly sessions: readonly RunSession[];
  readonly parents: readonly Ancestor[];
  /** What is wrong with its files, in sentences. */
  readonly problems: readonly string[];
}

/** What a run's folder says of it. */
export async function summariseRun(files: RunFiles, lineage: LineageReader): Promise<RunSummary> {
  const { folder, environment, result, checkpoint } = files;
  const spent = progressOf(files);
  const hash = environment?.configHash;
  return {
    folder: folder.path,
    name: files.name ?? basename(folder.path),
    state: runState(files),
    segments: files.segments.map(({ name }) => name),
    engine: environment?.engine?.name ?? checkpoint?.state.identity.engine.name ?? null,
    steps: result?.steps ?? spent.steps,
    minutes: (result?.seconds ?? spent.seconds) / 60,
    validation: validationNumbers(files),
    scores: runScores(files),
    parameters: result?.ledger?.total ?? null,
    startedAt: environment?.startedAt ?? null,
    eim: environment?.eim ?? null,
    commit: environment?.commit ?? null,
    configHash: hash ?? null,
    configChanged: hash === undefined || files.configHash === undefined ? null : files.configHash !== hash,
    data: environment?.data ?? null,
    modelHash: result?.modelHash ?? null,
    sessions: environment?.sessions ?? [],
    parents: await lineage.ancestors(environment?.parents ?? [], [folder.path]),
    problems: files.problems,
  };
}

/** Steps and seconds of a run that has no result yet: its log counts steps, its checkpoint time. */
function progressOf({ log, checkpoint }: RunFiles): { readonly steps: number; readonly seconds: number } {
  const { finished = [], progress, totalSteps = 0 } = checkpoint?.state ?? {};
  const seconds = finished.reduce((sum, segment) => sum + segment.seconds, progress?.seconds ?? 0);
  return { steps: log.findLast(({ loss }) => loss !== undefined)?.step ?? totalSteps, seconds };
}
