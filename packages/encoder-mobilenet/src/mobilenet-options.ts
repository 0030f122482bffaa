import { resizingOptionsSchema } from '@eim/images/options';
import { z } from 'zod';

const count = z.int().positive();
const channels = z.tuple([z.number(), z.number(), z.number()]);

/** Every hyper-parameter of a MobileNetV2 (Sandler et al. 2018, table 2). */
export const mobileNetOptionsSchema = z.strictObject({
  /** Side of the square input, in pixels. */
  imageSize: count,
  /**
   * Absent: the whole picture, whatever its shape, as in the original. Else the shorter side is resized to this by
   * Pillow's bilinear filter and the middle is cut out, as Hugging Face does it.
   */
  resizeSide: count.optional(),
  /** How pictures are resized, where `resizeSide` does not say it all. */
  resizing: resizingOptionsSchema.optional(),
  /** Multiplies the channels of every layer but the last, each then rounded to a multiple of 8. @default 1 */
  widthMultiplier: z.number().positive().default(1),
  /** How much wider a block is inside. @default 6 */
  expansion: count.default(6),
  /** Groups of blocks: channels, blocks, and the stride of the first. */
  stages: z
    .array(z.strictObject({ channels: count, blocks: count, stride: z.union([z.literal(1), z.literal(2)]) }))
    .nonempty(),
  /** Channels behind the first convolution, before the multiplier. @default 32 */
  stemSize: count.default(32),
  /** Channels of the last convolution: of tokens and pooled vector. @default 1280 */
  tokenSize: count.default(1280),
  /** Of the pixels' channels, in [0, 1]. @default 128 / 255 */
  mean: channels.default([128 / 255, 128 / 255, 128 / 255]),
  /** Of the pixels' channels. @default 128 / 255 */
  standardDeviation: channels.default([128 / 255, 128 / 255, 128 / 255]),
});

/** Complete options. */
export type MobileNetOptions = z.output<typeof mobileNetOptionsSchema>;
/** Options as a user writes them: what has a default may be left out. */
export type MobileNetOptionsInput = z.input<typeof mobileNetOptionsSchema>;
