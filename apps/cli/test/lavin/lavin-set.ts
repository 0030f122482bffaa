import type { PublishedWeights } from '@eim/contracts';
import type { ImageEncoder, LanguageModel, ModelParts, SemanticTransform } from '@eim/contracts/model';
import clip from '@eim/encoder-clip';
import llama from '@eim/llm-llama';
import sts, { type LavinOptionsInput } from '@eim/st-adapters';
import { Originals } from '../originals.js';

/** The numbers of the original program; every size in these tests is read from them. */
export const originals = new Originals('lavin');
export const { folder, present: isPresent } = originals;

/** Whether a file of tests has nothing to run on, which it says. */
export function isWithout(...files: string[]): boolean {
  const lacks = originals.lacks(...files);
  if (isPresent && lacks) console.warn(`skipped: ${lacks}`);
  return lacks !== undefined;
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

export const readJson = <Json>(file: string): Json => originals.json(file) as Json;
export const setConfig = (): SetConfig => readJson<SetConfig>('config.json');

/** Opens weights of the set, uses them, and closes them. */
export const opened = <Result>(
  path: string,
  use: (weights: PublishedWeights) => Promise<Result>,
  config?: Record<string, unknown>,
): Promise<Result> => originals.opened(path, (weights) => use(config ? { ...weights, config } : weights));

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

export const PUBLISHED = { laterPositions: true, batchRouting: true, blankPictures: true } as const;
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
