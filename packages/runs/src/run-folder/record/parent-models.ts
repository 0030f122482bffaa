import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { EimError } from '@eim/contracts';
import { PART_NAMES, type PartName } from '@eim/core';
import { readSavedPart } from '@eim/core/node';
import type { Config } from '../../config/read-config.js';
import { savedModelFolder } from '../../model/saved-parts/saved-model-folder.js';
import { hashFile } from '../../models/download/file-hash.js';

/** The saved model that a part of a run started from. */
export interface ParentModel {
  readonly part: PartName;
  /** Folder of the run that trained it; null for a model that lies in no run. */
  readonly run: string | null;
  /** File of its weights. */
  readonly file: string;
  /** SHA-256 of that file when this run began. */
  readonly sha256: string;
}

/** The saved models that the parts of a config start from. */
export async function findParents(model: Config['model']): Promise<ParentModel[]> {
  const parents: ParentModel[] = [];
  for (const part of PART_NAMES) {
    const { weights } = model[part];
    const folder = weights === undefined ? undefined : savedModelFolder(weights);
    if (folder === undefined) continue;
    const { file } = await readSavedPart(folder, part);
    const { sha256 } = parents.find((other) => other.file === file) ?? (await hashFile(file));
    const run = dirname(folder);
    parents.push({ part, run: existsSync(join(run, 'config.yaml')) ? run : null, file, sha256 });
  }
  return parents;
}

/** What became of a parent's file. */
export type ParentState = 'same' | 'changed' | 'gone';

/** Whether the file that a run started from is still what it was. */
export async function parentState({ file, sha256 }: ParentModel): Promise<ParentState> {
  if (!existsSync(file)) return 'gone';
  return (await hashFile(file)).sha256 === sha256 ? 'same' : 'changed';
}

/** @throws EimError where a run cannot be resumed, as a model that it started from is no longer what it was */
export async function refuseChangedParents(parents: readonly ParentModel[]): Promise<void> {
  for (const parent of parents) {
    const state = await parentState(parent);
    if (state === 'same') continue;
    throw new EimError({
      code: state === 'gone' ? 'missing-file' : 'invalid-file',
      message: `The run cannot be resumed: ${parent.file}, from which its ${parent.part} started, ${state === 'gone' ? 'is gone' : 'has changed since'}.`,
      advice: 'Put the file back as it was, or start a new run.',
      data: { ...parent },
    });
  }
}
