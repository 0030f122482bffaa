import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PublishedWeights } from '@eim/contracts';
import type { ImageEncoder, LanguageModel, ModelParts, SemanticTransform } from '@eim/contracts/model';
import clip from '@eim/encoder-clip';
import llama from '@eim/llm-llama';
import sts, { type LavinOptionsInput } from '@eim/st-adapters';
import { openPublishedWeights, readSafetensorsFile } from '@eim/weights/node';
import * as tf from '@tensorflow/tfjs-core';
import { SHARED_DATA } from '../run-eim.js';

/** The folder with the numbers of the original program; every size in these tests is read from it. */
export const folder = join(process.env.EIM_ORIGINALS ?? join(SHARED_DATA, 'originals'), 'lavin');
export const isPresent = existsSync(folder);
if (!isPresent) console.warn(`skipped: ${folder} is not there (set EIM_DATA, or EIM_ORIGINALS)`);

/** What a test needs and the set lacks; another set of the same layout may leave files out. */
export const lacking = (...files: string[]): string[] =>
  files.filter((file) => !existsSync(join(folder, file)));

/** Whether a file of tests has nothing to run on, which it says. */
export function isWithout(...files: string[]): boolean {
  const lacks = isPresent ? lacking(...files) : [];
  if (lacks.length > 0) console.warn(`skipped: ${folder} lacks ${lacks}`);
  return !isPresent || lacks.length > 0;
}

/** Weights of all three parts, and the inputs' description. */
export const WEIGHT_FILES = [
  'config.json',
  'params.json',
  'weights.llama.safetensors',
  'weights.clip.safetensors',
  'weights.adapters.safetensors',
] as const;

interface SetConfig {
  readonly clip: { readonly heads: number };
  readonly temperatures: readonly number[];
  readonly adapter_scale: number;
  readonly max_seq_len: number;
  readonly bos: number;
  readonly eos: number;
  readonly prefix_img_ids: readonly number[];
  readonly prefix_nonimg_ids: readonly number[];
  readonly trainable_count: number;
  readonly trainable: readonly string[];
}

export const readJson = <Json>(file: string): Json =>
  JSON.parse(readFileSync(join(folder, file), 'utf8')) as Json;
export const setConfig = (): SetConfig => readJson<SetConfig>('config.json');

/** Tensors of a file of the set, as TensorFlow.js has them; whoever reads them disposes of them. */
export class Arrays {
  private constructor(private readonly tensors: Awaited<ReturnType<typeof readSafetensorsFile>>['tensors']) {}

  static async read(file: string): Promise<Arrays> {
    return new Arrays((await readSafetensorsFile(join(folder, file))).tensors);
  }

  get names(): string[] {
    return [...this.tensors.keys()];
  }

  shape(name: string): number[] {
    return [...this.tensors.get(name)!.shape];
  }

  values(name: string): Float32Array {
    return Float32Array.from(this.tensors.get(name)!.data as Iterable<number>, Number);
  }

  /** Integers of a matrix, row by row. */
  rows(name: string): number[][] {
    const [count = 0] = this.shape(name);
    const values = [...this.values(name)];
    const width = values.length / count;
    return Array.from({ length: count }, (_, row) => values.slice(row * width, (row + 1) * width));
  }

  /** Pictures `[B, 3, H, W]` as `[B, H, W, 3]`. */
  pixels(name: string): tf.Tensor4D {
    return tf.tidy(() =>
      tf.transpose(
        tf.tensor4d(this.values(name), this.shape(name) as [number, number, number, number]),
        [0, 2, 3, 1],
      ),
    );
  }
}

/** Opens weights of the set, uses them, and closes them. */
export async function opened<Result>(
  path: string,
  use: (weights: PublishedWeights) => Promise<Result>,
  config?: Record<string, unknown>,
): Promise<Result> {
  const weights = await openPublishedWeights(join(folder, path));
  try {
    return await use(config ? { ...weights, config } : weights);
  } finally {
    await weights.close();
  }
}

export const loadEncoder = (): Promise<ImageEncoder> =>
  opened('weights.clip.safetensors', (weights) => {
    const { vit } = clip.encoders;
    const options = { ...vit.describe(weights), headCount: setConfig().clip.heads };
    return vit.load(weights, {}, vit.optionsSchema.parse(options));
  });

export const loadLlm = (): Promise<LanguageModel> =>
  opened(
    'weights.llama.safetensors',
    (weights) => llama.languageModels.llama.load(weights, {}),
    readJson('params.json'),
  );

/** What the set says of the ST and a checkpoint does not. */
export function statedOptions(
  temperature: number,
  compat: LavinOptionsInput['compat'] = {},
): Partial<LavinOptionsInput> {
  const { adapter_scale: scale, prefix_img_ids, prefix_nonimg_ids } = setConfig();
  return { temperature, scale, pictureWords: prefix_img_ids, textWords: prefix_nonimg_ids, compat };
}

export const loadTransform = (
  neighbours: Pick<ModelParts, 'encoder' | 'llm'>,
  stated: Partial<LavinOptionsInput>,
  file = 'weights.adapters.safetensors',
): Promise<SemanticTransform> => opened(file, (weights) => loadFrom(weights, neighbours, stated));

export function loadFrom(
  weights: PublishedWeights,
  neighbours: Pick<ModelParts, 'encoder' | 'llm'>,
  stated: Partial<LavinOptionsInput>,
): Promise<SemanticTransform> {
  const { lavin } = sts.semanticTransforms;
  return lavin.load(
    weights,
    neighbours,
    lavin.optionsSchema.parse({ ...lavin.describe(weights), ...stated }),
  );
}

export const PUBLISHED = { laterPositions: true, batchRouting: true } as const;
export const CORRECTED = { laterPositions: false, batchRouting: false } as const;

/** Greatest of what each value differs by, over what the set's README allows there; 1 is the limit. */
export function excess(found: ArrayLike<number>, wanted: ArrayLike<number>): number {
  if (found.length !== wanted.length) return Number.POSITIVE_INFINITY;
  let most = 0;
  for (let index = 0; index < wanted.length; index++) {
    const [a, b] = [found[index]!, wanted[index]!];
    const over = Math.abs(a - b) / (2e-4 + 1e-4 * Math.abs(b));
    most = Math.max(most, Number.isNaN(over) ? Number.POSITIVE_INFINITY : over);
  }
  return most;
}
