import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { PublishedWeights } from '@eim/contracts';
import { CombinedWeights } from '../combined-weights.js';
import type { TensorDescription, WeightFile, WeightFormat } from '../weight-file.js';
import { openWeights } from './open-weights.js';
import { readJsonObject } from './read-json-object.js';
import { readPreprocessorConfig } from './read-preprocessor-config.js';

/** Meta's shards, each with a part of every tensor. */
const PARALLEL_SHARD = /^consolidated\.\d\d\.(pth|safetensors)$/;

/** What open_clip calls its weights, and what describes them. */
const OPEN_CLIP = /^open_clip_(pytorch_)?model\./;
const OPEN_CLIP_CONFIG = 'open_clip_config.json';

/** Published weights with what stands beside them. Close them when done. */
export interface OpenedWeights extends PublishedWeights {
  readonly format: WeightFormat;
  /** What the file says beside its tensors; empty for a folder of shards that each say their own. */
  readonly metadata: Readonly<Record<string, unknown>>;
  info(name: string): TensorDescription;
  close(): Promise<void>;
}

/**
 * Opens published weights with their description: a folder as Hugging Face or Meta lay it out, or one file that
 * describes itself. Only headers and small JSON files are read.
 * @throws EimError `missing-file`, `invalid-file` or `invalid-data`, naming file and fault
 */
export async function openPublishedWeights(path: string): Promise<OpenedWeights> {
  const isFolder = await stat(path).then(
    (entry) => entry.isDirectory(),
    () => false,
  );
  if (!isFolder) {
    const file = await openWeights(path);
    const beside = join(dirname(path), OPEN_CLIP_CONFIG);
    const isOpenClip = OPEN_CLIP.test(basename(path)) && existsSync(beside);
    const config = isOpenClip ? await readJsonObject(beside) : file.metadata;
    return withDescription(file, path, [basename(path)], config);
  }
  const files = (await readdir(path)).sort();
  const optional = async (name: string) =>
    files.includes(name) ? await readJsonObject(join(path, name)) : undefined;
  const generationConfig = await optional('generation_config.json');
  const preprocessorConfig = await readPreprocessorConfig(path, files);
  const shards = files.filter((name) => PARALLEL_SHARD.test(name));
  const file = shards.length > 1 ? await openShards(path, shards) : await openWeights(path);
  // both libraries' weights may lie in one folder, each with a description of its own
  const descriptions = OPEN_CLIP.test(basename(file.name))
    ? [OPEN_CLIP_CONFIG]
    : ['config.json', 'params.json'];
  const described = descriptions.find((name) => files.includes(name));
  const config = described === undefined ? file.metadata : await readJsonObject(join(path, described));
  return {
    ...withDescription(file, path, files, config),
    ...(generationConfig && { generationConfig }),
    ...(preprocessorConfig && { preprocessorConfig }),
  };
}

async function openShards(folder: string, names: readonly string[]): Promise<WeightFile> {
  const opened = new Map<string, WeightFile>();
  try {
    for (const name of names) opened.set(name, await openWeights(join(folder, name)));
    return new CombinedWeights(folder, opened);
  } catch (error) {
    for (const file of opened.values()) await file.close();
    throw error;
  }
}

function withDescription(
  file: WeightFile,
  name: string,
  files: readonly string[],
  config: Readonly<Record<string, unknown>>,
): OpenedWeights {
  return {
    name,
    files,
    config,
    format: file.format,
    metadata: file.metadata,
    tensorNames: file.tensorNames,
    has: (tensor) => file.has(tensor),
    info: (tensor) => file.info(tensor),
    read: (tensor) => file.read(tensor),
    close: () => file.close(),
  };
}
