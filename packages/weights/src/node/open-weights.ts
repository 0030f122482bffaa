import { stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { openWeightFiles } from '../published/open-weight-files.js';
import type { WeightFile } from '../weight-file.js';
import { findWeightFiles } from './find-weight-files.js';
import { openFile } from './open-file.js';

/**
 * Opens published weights by path: one file of any format, a `*.index.json` of sharded ones, or a folder that
 * holds either under its usual name. Only headers are read. Close it when done.
 * @throws EimError `missing-file`, `invalid-file` or `invalid-data`, naming file and fault
 */
export async function openWeights(path: string): Promise<WeightFile> {
  if (await isFolder(path)) return await openFound(path, (await findWeightFiles(path)).names);
  // The path itself is named in messages, as it was given.
  return await openWeightFiles(path, [basename(path)], (name) =>
    openFile(name === basename(path) ? path : join(dirname(path), name)),
  );
}

export const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (entry) => entry.isDirectory(),
    () => false,
  );

/** Opens what a folder's weights were found to be. @param names one, or those of Meta's shards */
export const openFound = (folder: string, names: readonly string[]): Promise<WeightFile> =>
  openWeightFiles(folder, names, (name) => openFile(join(folder, name)));
