import { availableParallelism, cpus } from 'node:os';
import type { EngineInfo } from '@eim/engine';
import { VERSION } from '../../version.js';
import type { DataHashes } from './data-hashes.js';
import type { ParentModel } from './parent-models.js';
import { programCommit } from './program-commit.js';

/** What a run was made with and what it comes from; `env.json`. Runs of earlier versions lack what is optional. */
export interface EnvironmentRecord {
  readonly eim: string;
  /** The git commit of the program that began the run, where it ran from its repository and not from an installed package. */
  readonly commit?: string;
  readonly node: string;
  readonly platform: string;
  readonly processor: string;
  readonly cores: number;
  readonly engine: EngineInfo;
  readonly startedAt: string;
  /** Hash of `config.yaml` when the run began; see `hashConfig`. */
  readonly configHash?: string;
  /** The data by split; absent where training never came so far. */
  readonly data?: DataHashes;
  /** The models of other runs that parts of this one started from. */
  readonly parents?: readonly ParentModel[];
  /** The start of the run, and each time it was resumed. */
  readonly sessions?: readonly RunSession[];
}

/** One process that trained a run: the one that began it, or one that resumed it. */
export interface RunSession {
  readonly startedAt: string;
  readonly eim: string;
  readonly commit?: string;
  readonly process: { readonly id: number; readonly host: string };
  /** Where a resumed run went on; absent for the start, and where nothing had been saved. */
  readonly from?: {
    readonly checkpoint: string;
    readonly segment: string | null;
    /** Steps of the whole plan that had been taken. */
    readonly step: number;
    /** SHA-256 of the checkpoint's `model.safetensors`. */
    readonly sha256: string | null;
  };
  /** Absent while it runs, and where it was killed. */
  readonly ended?: {
    readonly at: string;
    readonly how: 'finished' | 'interrupted' | 'failed';
    /** What it failed of. */
    readonly message?: string;
  };
}

/** The record of this process. */
export function environmentRecord(engine: EngineInfo, now = new Date()): EnvironmentRecord {
  const commit = programCommit();
  return {
    eim: VERSION,
    ...(commit !== undefined && { commit }),
    node: process.versions.node,
    platform: `${process.platform} ${process.arch}`,
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    engine,
    startedAt: now.toISOString(),
  };
}
