import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseJsonFile } from '@eim/contracts/json';
import { readShardIndex } from '@eim/weights';
import { type FoundOnDisk, openPublishedWeights } from '@eim/weights/node';
import type { WebWeights } from '../../in-page/web-manifest.js';
import type { ShardWriter } from './shard-writer.js';

/** What may say more than a file's name. */
type Settings = Record<string, unknown>;

/**
 * Copies published weights in the form that they have on disk, and says what stands beside them.
 * @param name of their folder in the export
 * @param adapter folder of the LoRA that they are read with
 * @throws EimError naming what is wrong with them
 */
export async function writeWebWeights(
  name: string,
  path: string,
  writer: ShardWriter,
  adapter?: string,
): Promise<WebWeights> {
  const weights = await openPublishedWeights(path, { adapter });
  try {
    const source = (await stat(path)).isDirectory() ? path : dirname(path);
    const folder = `${name}/`;
    for (const file of await filesOf(weights, source)) await writer.copy(folder + file, join(source, file));
    const { config, metadata, generationConfig, preprocessorConfig } = weights;
    return {
      folder,
      weightFiles: [...weights.weightFiles],
      files: [...weights.files],
      // a file that describes itself does so in the page, too
      ...(config !== metadata && { config: config as Settings }),
      ...(generationConfig && { generationConfig: generationConfig as Settings }),
      ...(preprocessorConfig && { preprocessorConfig: preprocessorConfig as Settings }),
      ...(adapter !== undefined && { adapter: await writeAdapter(name, adapter, writer) }),
    };
  } finally {
    await weights.close();
  }
}

/** The files that hold tensors, and the index that says where. */
async function filesOf({ weightFiles }: FoundOnDisk, folder: string): Promise<string[]> {
  const all = new Set<string>();
  for (const file of weightFiles) {
    all.add(file);
    if (!/\.json$/i.test(file)) continue;
    const path = join(folder, file);
    for (const shard of readShardIndex(await readFile(path, 'utf8'), path).shardOf.values()) all.add(shard);
  }
  return [...all];
}

async function writeAdapter(name: string, folder: string, writer: ShardWriter) {
  const tensors = ['adapter_model.safetensors', 'adapter_model.bin'].find((file) =>
    existsSync(join(folder, file)),
  )!;
  const configFile = join(folder, 'adapter_config.json');
  const file = `${name}-adapter/${tensors}`;
  await writer.copy(file, join(folder, tensors));
  return { config: parseJsonFile(configFile, await readFile(configFile)) as Settings, file };
}
