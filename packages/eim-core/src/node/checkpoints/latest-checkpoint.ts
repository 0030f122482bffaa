import { join } from 'node:path';
import { EimError } from '@eim/contracts';
import { checkpointName, checkpointNumbers } from './checkpoint-folder.js';
import { readState } from './read-checkpoint.js';
import type { StateFile } from './write-checkpoint.js';

/** What the latest checkpoint of a run says, without its tensors. */
export interface LatestCheckpoint extends StateFile {
  /** Its folder. */
  readonly path: string;
}

/**
 * Reads where the latest checkpoint of a folder stands. Its tensors are neither read nor checked; one whose state cannot be
 * read is passed over.
 * @example
 * const latest = await latestCheckpoint('runs/demo/checkpoints');
 * console.log(latest?.state.segmentName, latest?.state.totalSteps);
 */
export async function latestCheckpoint(path: string): Promise<LatestCheckpoint | undefined> {
  for (const number of (await checkpointNumbers(path)).reverse()) {
    const folder = join(path, checkpointName(number));
    try {
      return { path: folder, ...(await readState(join(folder, 'state.json'))) };
    } catch (error) {
      if (!EimError.isInstance(error)) throw error;
    }
  }
  return undefined;
}
