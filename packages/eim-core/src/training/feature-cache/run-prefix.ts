import type { ModelParts, Tensor, Tensor4D } from '@eim/contracts/model';
import { encodeOptions, encodePictures } from '../../compose/encode-pictures.js';
import { injectPictures } from '../../compose/inject-rows.js';
import { blockOf } from './feature-layout.js';
import type { PicturePrefix } from './picture-prefix.js';

/**
 * What a frozen prefix gives for some pictures.
 * @param pixels `[P, H, W, 3]`
 * @returns a tensor for each of the prefix's names, in their order
 */
export function runPrefix(parts: ModelParts, pixels: Tensor4D, { names }: PicturePrefix): Tensor[] {
  const blocks = names.filter((name) => name.startsWith('hidden.')).map(blockOf);
  if (names.includes('slots')) {
    const count = pixels.shape[0];
    return [injectPictures(parts, encodePictures(parts, { pixels }), count).prefix!.embeddings]; // [P, K, H]
  }
  const options = encodeOptions(parts, pixels.shape[0], {}, blocks.length > 0 ? blocks : undefined);
  const { pooled, tokens, hidden } = parts.encoder.encode(pixels, options);
  return names.map((name): Tensor => {
    if (name === 'pooled') return pooled;
    return name === 'tokens' ? tokens : hidden!.get(blockOf(name))!;
  });
}
