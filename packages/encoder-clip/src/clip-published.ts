import type { ClipEncoderOptionsInput } from './clip-encoder-options.js';
import type { ClipTextEncoderOptionsInput } from './clip-text-encoder-options.js';

/** How all published image towers take their pixels: OpenAI's CLIP, `clip/clip.py`, `_transform`. */
export const publishedPixels: Pick<ClipEncoderOptionsInput, 'cropRounding' | 'mean' | 'standardDeviation'> = {
  cropRounding: 'half-even',
  mean: [0.48145466, 0.4578275, 0.40821073],
  standardDeviation: [0.26862954, 0.26130258, 0.27577711],
};

/** The blocks of every published tower: one head for each 64 of the width, a feed-forward layer four times as wide. */
export const publishedBlocks = (width: number) => ({
  headCount: width / 64,
  feedForwardSize: 4 * width,
  activation: 'quick-gelu' as const,
  projected: true,
  normEpsilon: 1e-5,
  attentionDropout: 0,
  residualDropout: 0,
});

/** A published text tower. */
export const publishedText = (width: number, pooledSize: number): ClipTextEncoderOptionsInput => ({
  vocabularySize: 49408,
  contextLength: 77,
  width,
  blockCount: 12,
  pooledSize,
  ...publishedBlocks(width),
});
