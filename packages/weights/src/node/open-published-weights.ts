import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { EimError, type PublishedWeights } from '@eim/contracts';
import { findModel } from '../model/model-weights.js';
import type { TensorDescription, WeightFile, WeightFormat } from '../weight-file.js';
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

/** Published weights with what stands beside them. Close them when done. */
export interface OpenedWeights extends PublishedWeights {
  readonly format: WeightFormat;
  /** What the file says beside its tensors; empty for a folder of shards that each say their own. */
  readonly metadata: Readonly<Record<string, unknown>>;
  /** What stands before each name in the file, and was taken off: a checkpoint's key, wrappers. */
  readonly prefix: string;
  /** Names of tensors in the file that are not the model's: an optimizer's. */
  readonly passedOver: readonly string[];
  /** Why it is not clear which part of the file is the model; only where that was allowed. */
  readonly problem?: EimError | undefined;
  /** What the file itself calls a tensor. */
  nameInFile(name: string): string;
  info(name: string): TensorDescription;
  close(): Promise<void>;
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
): Promise<OpenedWeights> {
  if (options.adapter === undefined) return await openAlone(path, options);
  const weights = await openAlone(path, options);
  try {
    return await openWithLora(weights, options.adapter);
  } catch (error) {
    await weights.close();
    throw error;
  }
}

async function openAlone(path: string, options: OpenPublishedOptions): Promise<OpenedWeights> {
  if (await isFolder(path)) return await openFolder(path, options);
  const file = await openWeights(path);
  const beside = join(dirname(path), OPEN_CLIP_CONFIG);
  const isOpenClip = OPEN_CLIP.test(basename(path)) && existsSync(beside);
  const config = isOpenClip ? await readJsonObject(beside) : file.metadata;
  return await described(file, { name: path, files: [basename(path)], config }, options);
}

async function openFolder(path: string, options: OpenPublishedOptions): Promise<OpenedWeights> {
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
  return await described(file, facts, options);
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
  facts: Pick<PublishedWeights, 'name' | 'files' | 'config' | 'generationConfig' | 'preprocessorConfig'>,
  { unclearModel = false }: OpenPublishedOptions,
): Promise<OpenedWeights> {
  const model = findModel(file);
  if (model.problem && !unclearModel) {
    await file.close();
    throw model.problem;
  }
  return {
    ...facts,
    format: model.format,
    metadata: model.metadata,
    prefix: model.prefix,
    passedOver: model.passedOver,
    problem: model.problem,
    tensorNames: model.tensorNames,
    has: (tensor) => model.has(tensor),
    info: (tensor) => model.info(tensor),
    nameInFile: (tensor) => model.nameInFile(tensor),
    read: Object.assign((tensor: string) => model.read(tensor), {
      runs: (tensor: string, rowLength?: number) => model.readRuns(tensor, rowLength),
      blocks: (tensor: string) => model.blocks(tensor),
    }),
    close: () => model.close(),
  };
}
