import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { EimError } from '@eim/contracts';
import { findModel } from '../model/model-weights.js';
import { type OpenedWeights, openedWeights, type WeightsFacts } from '../published/opened-weights.js';
import type { WeightFile } from '../weight-file.js';
import { type FoundWeights, findWeightFiles } from './find-weight-files.js';
import { isFolder, openFound, openWeights } from './open-weights.js';
import { openWithLora } from './open-with-lora.js';
import { readJsonObject } from './read-json-object.js';
import { readPreprocessorConfig } from './read-preprocessor-config.js';

/** What open_clip calls its weights, and what describes them. */
const OPEN_CLIP = /^open_clip_(pytorch_)?model\./;
const OPEN_CLIP_CONFIG = 'open_clip_config.json';

/** What describes weights of each layout: the first that is there. */
const DESCRIPTIONS: Readonly<Record<FoundWeights['layout'], readonly string[]>> = {
  transformers: ['config.json', 'params.json'],
  // both libraries' weights may lie in one folder, each with a description of its own
  'open-clip': [OPEN_CLIP_CONFIG],
  meta: ['params.json', 'config.json'],
  other: ['config.json', 'params.json'],
};

/** Published weights on this machine's disk. */
export interface FoundOnDisk extends OpenedWeights {
  /** The files that they are, by name in their folder: one, the index of sharded ones, or Meta's shards. */
  readonly weightFiles: readonly string[];
}

export interface OpenPublishedOptions {
  /** Gives all tensors of the file, and the `problem`, where it is not clear which are the model's. @default false */
  readonly unclearModel?: boolean;
  /** Folder of a LoRA that peft saved, with which the weights are read ({@link withLora}). */
  readonly adapter?: string | undefined;
}

/**
 * Opens published weights with their description: a folder as Hugging Face or Meta lay it out, or one file that
 * describes itself. Of a trainer's checkpoint the model's tensors are given, and without the prefixes of wrappers.
 * Only headers and small JSON files are read.
 * @throws EimError `missing-file`, `invalid-file` or `invalid-data`, naming file and fault
 */
export async function openPublishedWeights(
  path: string,
  options: OpenPublishedOptions = {},
): Promise<FoundOnDisk> {
  if (options.adapter === undefined) return await openAlone(path, options);
  const weights = await openAlone(path, options);
  try {
    return await openWithLora(weights, options.adapter);
  } catch (error) {
    await weights.close();
    throw error;
  }
}

async function openAlone(path: string, options: OpenPublishedOptions): Promise<FoundOnDisk> {
  if (await isFolder(path)) return await openFolder(path, options);
  const file = await openWeights(path);
  const beside = join(dirname(path), OPEN_CLIP_CONFIG);
  const isOpenClip = OPEN_CLIP.test(basename(path)) && existsSync(beside);
  const config = isOpenClip ? await readJsonObject(beside) : file.metadata;
  return await described(file, { name: path, files: [basename(path)], config }, [basename(path)], options);
}

async function openFolder(path: string, options: OpenPublishedOptions): Promise<FoundOnDisk> {
  const files = (await readdir(path)).sort();
  const optional = async (name: string) =>
    files.includes(name) ? await readJsonObject(join(path, name)) : undefined;
  const [generationConfig, preprocessorConfig, hugging] = [
    await optional('generation_config.json'),
    await readPreprocessorConfig(path, files),
    await optional('config.json'),
  ];
  const { names, layout } = await findWeightFiles(
    path,
    namedWeights(hugging, path),
    options.adapter !== undefined,
  );
  const description = DESCRIPTIONS[layout].find((name) => files.includes(name));
  const beside = description === undefined ? undefined : await optional(description);
  const file = await openFound(path, names);
  const config = beside ?? file.metadata;
  const facts = {
    name: path,
    files,
    config,
    ...(generationConfig && { generationConfig }),
    ...(preprocessorConfig && { preprocessorConfig }),
  };
  return await described(file, facts, names, options);
}

/** The file that a config.json names in the place of the usual ones. */
function namedWeights(config: Readonly<Record<string, unknown>> | undefined, folder: string) {
  const name = config?.transformers_weights;
  if (name === undefined || name === null) return undefined;
  if (typeof name === 'string' && !/[/\\]/.test(name)) return name;
  throw new EimError({
    code: 'invalid-file',
    message: `${join(folder, 'config.json')}: transformers_weights is ${JSON.stringify(name)}, no file beside it.`,
    data: { folder, transformers_weights: name },
  });
}

async function described(
  file: WeightFile,
  facts: WeightsFacts,
  weightFiles: readonly string[],
  { unclearModel = false }: OpenPublishedOptions,
): Promise<FoundOnDisk> {
  const model = findModel(file);
  if (model.problem && !unclearModel) {
    await file.close();
    throw model.problem;
  }
  return { ...openedWeights(model, facts), weightFiles };
}
