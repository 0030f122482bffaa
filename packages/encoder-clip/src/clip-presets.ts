import type { ClipEncoderOptionsInput } from './clip-encoder-options.js';
import { publishedBlocks, publishedPixels, publishedText } from './clip-published.js';
import type { ClipTextEncoderOptionsInput } from './clip-text-encoder-options.js';

const published = (
  imageSize: number,
  patchSize: number,
  width: number,
  blockCount: number,
  pooledSize: number,
): ClipEncoderOptionsInput => ({
  imageSize,
  patchSize,
  width,
  blockCount,
  pooledSize,
  projectedTokens: false,
  ...publishedBlocks(width),
  ...publishedPixels,
});

/** Published image towers, and small ones to train from scratch on pictures of 32 and 64 pixels. */
export const clipPresets = {
  tiny: { ...published(32, 8, 128, 3, 128), headCount: 4 },
  small: { ...published(64, 8, 192, 6, 192), headCount: 6 },
  'vit-b-32': published(224, 32, 768, 12, 512),
  'vit-b-16': published(224, 16, 768, 12, 512),
  'vit-l-14': published(224, 14, 1024, 24, 768),
  'vit-l-14-336': published(336, 14, 1024, 24, 768),
} as const satisfies Record<string, ClipEncoderOptionsInput>;

/** The text tower that goes with each image tower; the small ones take the vocabulary of one's own tokenizer. */
export const clipTextPresets = {
  tiny: { ...publishedText(128, 128), blockCount: 2, headCount: 4, contextLength: 64, vocabularySize: 2000 },
  small: { ...publishedText(192, 192), blockCount: 4, headCount: 6, contextLength: 64, vocabularySize: 2000 },
  'vit-b-32': publishedText(512, 512),
  'vit-b-16': publishedText(512, 512),
  'vit-l-14': publishedText(768, 768),
  'vit-l-14-336': publishedText(768, 768),
} as const satisfies Record<keyof typeof clipPresets, ClipTextEncoderOptionsInput>;
