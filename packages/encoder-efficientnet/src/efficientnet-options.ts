import { resizingOptionsSchema } from '@eim/images/options';
import { z } from 'zod';

const count = z.int().positive();
const channels = z.tuple([z.number(), z.number(), z.number()]);

/** Every hyper-parameter of an EfficientNet-Lite (Tan and Le 2019, table 1, and `efficientnet_lite_builder.py`). */
export const efficientNetOptionsSchema = z.strictObject({
  /** Side of the square input, in pixels. */
  imageSize: count,
  /** Multiplies the channels of every stage, each then rounded to a multiple of 8. @default 1 */
  widthCoefficient: z.number().positive().default(1),
  /** Multiplies the blocks of every stage but the first and the last, rounded up. @default 1 */
  depthCoefficient: z.number().positive().default(1),
  /** How much wider a block is inside. @default 6 */
  expansion: count.default(6),
  /** Groups of blocks: channels, blocks, the stride of the first, and the side of the filters. */
  stages: z
    .array(
      z.strictObject({
        channels: count,
        blocks: count,
        stride: z.union([z.literal(1), z.literal(2)]),
        side: z.union([z.literal(3), z.literal(5)]),
      }),
    )
    .nonempty(),
  /** Channels behind the first convolution, whatever the width. @default 32 */
  stemSize: count.default(32),
  /** Channels of the last convolution, whatever the width: of tokens and pooled vector. @default 1280 */
  tokenSize: count.default(1280),
  /** Of the pixels' channels, in [0, 1]. @default 127 / 255 */
  mean: channels.default([127 / 255, 127 / 255, 127 / 255]),
  /** Of the pixels' channels. @default 128 / 255 */
  standardDeviation: channels.default([128 / 255, 128 / 255, 128 / 255]),
  /** How pictures are cut and resized, where not as TensorFlow's evaluation does it; cut first only if said here. */
  resizing: resizingOptionsSchema.optional(),
});

/** Complete options. */
export type EfficientNetOptions = z.output<typeof efficientNetOptionsSchema>;
/** Options as a user writes them: what has a default may be left out. */
export type EfficientNetOptionsInput = z.input<typeof efficientNetOptionsSchema>;
