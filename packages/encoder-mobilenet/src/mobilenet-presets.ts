import type { MobileNetOptionsInput } from './mobilenet-options.js';

const half = 128 / 255;

const published = (imageSize: number, widthMultiplier: number): MobileNetOptionsInput => ({
  imageSize,
  widthMultiplier,
  expansion: 6,
  stages: [
    { channels: 16, blocks: 1, stride: 1 },
    { channels: 24, blocks: 2, stride: 2 },
    { channels: 32, blocks: 3, stride: 2 },
    { channels: 64, blocks: 4, stride: 2 },
    { channels: 96, blocks: 3, stride: 1 },
    { channels: 160, blocks: 3, stride: 2 },
    { channels: 320, blocks: 1, stride: 1 },
  ],
  stemSize: 32,
  tokenSize: 1280,
  mean: [half, half, half],
  standardDeviation: [half, half, half],
});

/** The published network at two sizes of picture, and a small one to train from scratch. */
export const mobileNetPresets = {
  tiny: {
    ...published(64, 1),
    stages: [
      { channels: 8, blocks: 1, stride: 1 },
      { channels: 16, blocks: 1, stride: 2 },
      { channels: 24, blocks: 2, stride: 2 },
      { channels: 32, blocks: 1, stride: 2 },
    ],
    stemSize: 8,
    tokenSize: 128,
  },
  'v2-1.0-224': published(224, 1),
  'v2-1.0-192': published(192, 1),
  'v2-0.5-224': published(224, 0.5),
} as const satisfies Record<string, MobileNetOptionsInput>;
