import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { EimError } from '@eim/contracts';
import { CombinedWeights } from '../combined-weights.js';
import { findModel } from '../model/model-weights.js';
import { openWeightFile } from '../open-weight-file.js';
import { MAXIMUM_INDEX_BYTES, readShardIndex } from '../shard-index.js';
import { ShardedWeights } from '../sharded-weights.js';
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
  if (!/\.json$/i.test(path)) return await openWeightFile(await openFile(path));
  const index = readShardIndex(await readIndex(path), path);
  return await ShardedWeights.open(path, index, async (fileName) =>
    openWeightFile(await openFile(join(dirname(path), fileName))),
  );
}

export const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (entry) => entry.isDirectory(),
    () => false,
  );

/** Opens what a folder's weights were found to be. @param names one, or those of Meta's shards */
export async function openFound(folder: string, names: readonly string[]): Promise<WeightFile> {
  if (names.length === 1) return await openWeights(join(folder, names[0]!));
  const opened = new Map<string, WeightFile>();
  try {
    for (const name of names) {
      const file = findModel(await openWeights(join(folder, name)));
      opened.set(name, file);
      if (file.problem) throw file.problem;
    }
    return new CombinedWeights(folder, opened);
  } catch (error) {
    for (const file of opened.values()) await file.close();
    throw error;
  }
}

async function readIndex(path: string): Promise<string> {
  const file = await openFile(path);
  try {
    if (file.size > MAXIMUM_INDEX_BYTES) {
      throw new EimError({
        code: 'invalid-file',
        message: `${path} has ${file.size} bytes, too many for an index of shards.`,
        data: { file: path },
      });
    }
    return new TextDecoder().decode(await file.read(0, file.size));
  } finally {
    await file.close();
  }
}
