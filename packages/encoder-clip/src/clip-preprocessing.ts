import type { ImagePreprocessing } from '@eim/contracts';
import type { ClipEncoderOptions } from './clip-encoder-options.js';

/** How every image tower of CLIP takes its pixels, where its options say nothing else. */
export const clipPreprocessing = ({
  imageSize,
  cropRounding,
  resizing,
  mean,
  standardDeviation,
}: Pick<
  ClipEncoderOptions,
  'imageSize' | 'cropRounding' | 'resizing' | 'mean' | 'standardDeviation'
>): ImagePreprocessing => ({
  imageSize,
  resize: 'shortest-side',
  filter: 'bicubic',
  ...resizing,
  cropRounding,
  mean,
  standardDeviation,
});
