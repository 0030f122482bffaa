import { existsSync, readdirSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { type EngineName, type EngineStatus, listEngines, startEngine } from '@eim/engine';
import type { Terminal } from '../command/terminal.js';

export interface Diagnosis {
  /** The engine that commands run on when nothing else is asked for; null where none starts. */
  readonly engine: EngineName | null;
  readonly device: string | null;
  readonly engines: readonly EngineStatus[];
  readonly node: string;
  /** Threads of the engine; `cores` are those of the machine. */
  readonly threads: number;
  readonly cores: number;
  readonly data: {
    /** What `${EIM_DATA}` is; null where it is not set. */
    readonly folder: string | null;
    readonly set: boolean;
    /** Folders of captioned pictures there. */
    readonly captions: readonly string[];
  };
}

/** What this machine can do, by trying it: the engine is really started. `problem` is why none was. */
export async function diagnose(
  terminal: Terminal,
): Promise<{ readonly diagnosis: Diagnosis; readonly problem: Error | undefined }> {
  const started = await startEngine().catch((error: unknown) => error as Error);
  const running = started instanceof Error ? undefined : started;
  const given = terminal.environment.EIM_DATA;
  const folder = given ? resolve(terminal.workingFolder, given) : null;
  const diagnosis = {
    engine: running?.name ?? null,
    device: running?.device ?? null,
    engines: await listEngines(),
    node: process.versions.node,
    threads: running?.threads ?? 0,
    cores: availableParallelism(),
    data: {
      folder,
      set: Boolean(given),
      captions: folder === null ? [] : captionFolders(join(folder, 'captions')),
    },
  };
  return { diagnosis, problem: started instanceof Error ? started : undefined };
}

function captionFolders(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => statSync(join(folder, name)).isDirectory())
    .sort();
}
