import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { EimError } from '@eim/contracts';
import type { Checkpoint, CheckpointStore } from '../../training/checkpoints/checkpoint.js';
import { readCheckpoint } from './read-checkpoint.js';
import { syncFolder, writeCheckpoint } from './write-checkpoint.js';

export interface CheckpointFolderOptions {
  /** Latest checkpoints kept. @default 2 */
  readonly keep?: number;
  /** Called for each checkpoint that cannot be read, before an earlier one is tried. @default a process warning */
  readonly onDamaged?: (folder: string, error: unknown) => void;
}

export const checkpointName = (number: number): string => `checkpoint-${String(number).padStart(6, '0')}`;
const NAME = /^checkpoint-(\d{6,})$/;
/** Begins the names of folders that are being written or removed. */
const UNFINISHED = '.unfinished-';

const warn = (folder: string, error: unknown) =>
  process.emitWarning(`The checkpoint ${folder} is damaged and was passed over: ${String(error)}`);

/**
 * Checkpoints as numbered folders. One is written under another name, forced to disk and then renamed, and is
 * renamed again before it is removed, so whatever bears a checkpoint's name is whole, however the process ends.
 */
export function createCheckpointFolder(
  path: string,
  { keep = 2, onDamaged = warn }: CheckpointFolderOptions = {},
): CheckpointStore {
  const folder = (number: number) => join(path, checkpointName(number));

  return {
    async save(checkpoint: Checkpoint): Promise<void> {
      const temporary = join(path, `${UNFINISHED}${process.pid}`);
      let earlier: number[] = [];
      try {
        await mkdir(path, { recursive: true });
        earlier = await checkpointNumbers(path);
        await removeUnfinished(path);
        await mkdir(temporary);
        await writeCheckpoint(temporary, checkpoint);
        const next = (earlier.at(-1) ?? 0) + 1;
        await rename(temporary, folder(next));
        await syncFolder(path);
        for (const old of [...earlier, next].slice(0, -keep)) {
          await rename(folder(old), temporary);
          await rm(temporary, { recursive: true, force: true });
        }
      } catch (cause) {
        await rm(temporary, { recursive: true, force: true }).catch(() => undefined);
        throw failedSave(path, earlier.length > 0 ? folder(earlier.at(-1)!) : undefined, cause);
      }
    },

    async latest(): Promise<Checkpoint | undefined> {
      const found = (await checkpointNumbers(path)).reverse();
      let last: unknown;
      for (const number of found) {
        try {
          return await readCheckpoint(folder(number));
        } catch (error) {
          last = error;
          onDamaged(folder(number), error);
        }
      }
      if (found.length === 0) return undefined;
      throw new EimError({
        code: 'invalid-file',
        message: `None of the ${found.length} checkpoints in ${path} can be read.`,
        advice: 'Start the run anew.',
        data: { folder: path },
        cause: last,
      });
    },
  };
}

/** Numbers of the whole checkpoints in a folder, rising. */
export async function checkpointNumbers(path: string): Promise<number[]> {
  const names = await readdir(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return names
    .map((name) => NAME.exec(name)?.[1])
    .filter((digits) => digits !== undefined)
    .map(Number)
    .sort((a, b) => a - b);
}

/** What a killed process was writing or removing. */
async function removeUnfinished(path: string): Promise<void> {
  const left = (await readdir(path)).filter((name) => name.startsWith(UNFINISHED));
  for (const name of left) await rm(join(path, name), { recursive: true, force: true });
}

function failedSave(path: string, earlier: string | undefined, cause: unknown): EimError {
  return new EimError({
    code: 'storage-failed',
    message: `A checkpoint could not be saved in ${path}: ${cause instanceof Error ? cause.message : String(cause)}`,
    advice: earlier
      ? `The earlier one, ${earlier}, is intact and can be resumed from.`
      : 'No earlier one was there.',
    data: { ...(EimError.isInstance(cause) ? cause.data : {}), folder: path, earlier },
    cause,
  });
}
