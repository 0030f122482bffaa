import type { ConfigReader } from '@eim/weights';

/** Sizes that the tensors of a tower have. */
export interface TowerSizes {
  readonly width?: number;
  readonly blockCount?: number;
  readonly feedForwardSize?: number;
  readonly imageSize?: number;
  readonly patchSize?: number;
  readonly vocabularySize?: number;
  readonly contextLength?: number;
}

/** What a description calls these sizes. */
export type SizeNames = Readonly<Partial<Record<keyof TowerSizes, string>>>;

export const HUGGING_FACE_SIZES: SizeNames = {
  width: 'hidden_size',
  blockCount: 'num_hidden_layers',
  feedForwardSize: 'intermediate_size',
  imageSize: 'image_size',
  patchSize: 'patch_size',
  vocabularySize: 'vocab_size',
  contextLength: 'max_position_embeddings',
};

export const OPEN_CLIP_SIZES: SizeNames = {
  width: 'width',
  blockCount: 'layers',
  imageSize: 'image_size',
  patchSize: 'patch_size',
  vocabularySize: 'vocab_size',
  contextLength: 'context_length',
};

/**
 * Refuses a description that gives another size than the tensors have: Python's programs fail there, or stretch the
 * positions. `[224, 224]` is 224.
 */
export function refuseOtherSizes(
  reader: ConfigReader,
  config: Readonly<Record<string, unknown>>,
  names: SizeNames,
  sizes: TowerSizes,
): void {
  for (const [name, size] of Object.entries(sizes)) {
    const field = names[name as keyof TowerSizes];
    const said = field === undefined ? undefined : config[field];
    if (said === undefined || said === null) continue;
    const sides = Array.isArray(said) ? said : [said];
    if (sides.length > 0 && sides.length <= 2 && sides.every((side) => side === size)) continue;
    reader.fault(`${field} is ${JSON.stringify(said)}; the weights have ${size}`);
  }
}
