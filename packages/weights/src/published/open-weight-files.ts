import { EimError } from '@eim/contracts';
import { CombinedWeights } from '../combined-weights.js';
import { findModel } from '../model/model-weights.js';
import { openWeightFile } from '../open-weight-file.js';
import type { RandomAccessSource } from '../random-access-source.js';
import { MAXIMUM_INDEX_BYTES, readShardIndex } from '../shard-index.js';
import { ShardedWeights } from '../sharded-weights.js';
import type { WeightFile } from '../weight-file.js';

/** Opens a file by its name in a folder, wherever that folder is. */
export type OpenNamed = (name: string) => Promise<RandomAccessSource>;

/**
 * Opens the files of a folder that its weights were found to be: one of any format, the `*.index.json` of sharded ones, or
 * Meta's shards, which each hold a part of every tensor.
 * @param folder for messages
 * @throws EimError `invalid-file` or `invalid-data`, naming file and fault
 */
export async function openWeightFiles(
  folder: string,
  names: readonly string[],
  open: OpenNamed,
): Promise<WeightFile> {
  if (names.length === 1) return await openNamed(names[0]!, open);
  const opened = new Map<string, WeightFile>();
  try {
    for (const name of names) {
      const file = findModel(await openNamed(name, open));
      opened.set(name, file);
      if (file.problem) throw file.problem;
    }
    return new CombinedWeights(folder, opened);
  } catch (error) {
    for (const file of opened.values()) await file.close();
    throw error;
  }
}

async function openNamed(name: string, open: OpenNamed): Promise<WeightFile> {
  const source = await open(name);
  if (!/\.json$/i.test(name)) return await openWeightFile(source);
  const index = readShardIndex(await readIndex(source), source.name);
  return await ShardedWeights.open(source.name, index, async (shard) => openWeightFile(await open(shard)));
}

async function readIndex(source: RandomAccessSource): Promise<string> {
  try {
    if (source.size > MAXIMUM_INDEX_BYTES) {
      throw new EimError({
        code: 'invalid-file',
        message: `${source.name} has ${source.size} bytes, too many for an index of shards.`,
        data: { file: source.name },
      });
    }
    return new TextDecoder().decode(await source.read(0, source.size));
  } finally {
    await source.close?.();
  }
}
