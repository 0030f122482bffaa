import { publishedPixels, publishedText } from '../clip-published.js';
import type { ClipTextEncoderOptionsInput } from '../clip-text-encoder-options.js';
import type { ClipResnetOptionsInput } from './clip-resnet-options.js';

const published = (
  imageSize: number,
  width: number,
  stages: ClipResnetOptionsInput['stages'],
  pooledSize: number,
): ClipResnetOptionsInput => ({
  imageSize,
  width,
  stages,
  headCount: width / 2, // heads of 64 in 32 times the width
  pooledSize,
  ...publishedPixels,
});

/** Published image towers, and a small one to train from scratch on pictures of 64 pixels. */
export const clipResnetPresets = {
  'rn-tiny': { ...published(64, 8, [1, 1, 1, 1], 128), headCount: 4 },
  rn50: published(224, 64, [3, 4, 6, 3], 1024),
  rn101: published(224, 64, [3, 4, 23, 3], 512),
  rn50x4: published(288, 80, [4, 6, 10, 6], 640),
  rn50x16: published(384, 96, [6, 8, 18, 8], 768),
} as const satisfies Record<string, ClipResnetOptionsInput>;

/** The text tower that goes with each published image tower. */
export const clipResnetTextPresets = {
  rn50: publishedText(512, 1024),
  rn101: publishedText(512, 512),
  rn50x4: publishedText(640, 640),
  rn50x16: publishedText(768, 768),
} as const satisfies Record<Exclude<keyof typeof clipResnetPresets, 'rn-tiny'>, ClipTextEncoderOptionsInput>;
