import { availableParallelism, cpus } from 'node:os';
import type { EngineInfo } from '@eim/engine';
import { VERSION } from '../version.js';

/** What a run was made with; `env.json`. */
export interface EnvironmentRecord {
  readonly eim: string;
  readonly node: string;
  readonly platform: string;
  readonly processor: string;
  readonly cores: number;
  readonly engine: EngineInfo;
  readonly startedAt: string;
}

export function environmentRecord(engine: EngineInfo, now = new Date()): EnvironmentRecord {
  return {
    eim: VERSION,
    node: process.versions.node,
    platform: `${process.platform} ${process.arch}`,
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    engine,
    startedAt: now.toISOString(),
  };
}
