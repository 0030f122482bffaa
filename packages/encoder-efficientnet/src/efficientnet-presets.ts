import type { EfficientNetOptionsInput } from './efficientnet-options.js';

const published = (
  imageSize: number,
  widthCoefficient: number,
  depthCoefficient: number,
): EfficientNetOptionsInput => ({
  imageSize,
  widthCoefficient,
  depthCoefficient,
  expansion: 6,
  stages: [
    { channels: 16, blocks: 1, stride: 1, side: 3 },
    { channels: 24, blocks: 2, stride: 2, side: 3 },
    { channels: 40, blocks: 2, stride: 2, side: 5 },
    { channels: 80, blocks: 3, stride: 2, side: 3 },
    { channels: 112, blocks: 3, stride: 1, side: 5 },
    { channels: 192, blocks: 4, stride: 2, side: 5 },
    { channels: 320, blocks: 1, stride: 1, side: 3 },
  ],
  stemSize: 32,
  tokenSize: 1280,
  mean: [127 / 255, 127 / 255, 127 / 255],
  standardDeviation: [128 / 255, 128 / 255, 128 / 255],
});

/** The five published networks (`efficientnet_lite_params` of TensorFlow's code). */
export const publishedPresets = {
  lite0: published(224, 1, 1),
  lite1: published(240, 1, 1.1),
  lite2: published(260, 1.1, 1.2),
  lite3: published(280, 1.2, 1.4),
  lite4: published(300, 1.4, 1.8),
} as const satisfies Record<string, EfficientNetOptionsInput>;

/** The published networks, and a small one to train from scratch. */
export const efficientNetPresets = {
  tiny: {
    ...published(64, 1, 1),
    stages: [
      { channels: 8, blocks: 1, stride: 1, side: 3 },
      { channels: 16, blocks: 1, stride: 2, side: 3 },
      { channels: 24, blocks: 2, stride: 2, side: 5 },
      { channels: 32, blocks: 1, stride: 2, side: 3 },
    ],
    stemSize: 8,
    tokenSize: 128,
  },
  ...publishedPresets,
} as const satisfies Record<string, EfficientNetOptionsInput>;
