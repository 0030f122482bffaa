import type { ModelParts, Tensor, Tensor4D } from '@eim/contracts/model';
import { encodePictures } from '../../compose/encode-pictures.js';
import { blockOf } from './feature-layout.js';
import type { PicturePrefix } from './picture-prefix.js';

/**
 * What a frozen prefix gives for some pictures.
 * @param pixels `[P, H, W, 3]`
 * @returns a tensor for each of the prefix's names, in their order
 */
export function runPrefix(parts: ModelParts, pixels: Tensor4D, { names }: PicturePrefix): Tensor[] {
  const { pooled, tokens, hidden } = encodePictures(parts, { pixels });
  return names.map((name): Tensor => {
    if (name === 'pooled') return pooled!;
    return name === 'tokens' ? tokens! : hidden!.get(blockOf(name))!;
  });
}
