import type { ImagePreprocessing } from '@eim/contracts';
import { z } from 'zod';

const side = z.int().min(1);
const channels = z.tuple([z.number(), z.number(), z.number()]).readonly();

/** What `ImagePreprocessing` may say. */
export const imagePreprocessingSchema = z.strictObject({
  imageSize: side,
  firstCrop: z.number().positive().max(1).optional(),
  resize: z.enum(['shortest-side', 'longest-side', 'stretch', 'none']),
  resizeSide: side.optional(),
  resizeSize: z.strictObject({ width: side, height: side }).readonly().optional(),
  filter: z.enum([
    'nearest',
    'box',
    'bilinear',
    'hamming',
    'bicubic',
    'lanczos',
    'mks2013',
    'mks2021',
    'bilinear-interpolation',
    'corner-interpolation',
  ]),
  cropRounding: z.enum(['floor', 'half-even']),
  padColour: channels.optional(),
  channelOrder: z.enum(['rgb', 'bgr']).optional(),
  scale: z.number().optional(),
  mean: channels,
  standardDeviation: channels,
}) satisfies z.ZodType<ImagePreprocessing>;

/** What an encoder's options may say of the way that pictures are cut and resized: what is left out is the encoder's own. */
export const resizingOptionsSchema = imagePreprocessingSchema
  .pick({
    firstCrop: true,
    resize: true,
    resizeSide: true,
    resizeSize: true,
    filter: true,
    cropRounding: true,
    padColour: true,
    channelOrder: true,
    scale: true,
  })
  .partial();

/** See {@link resizingOptionsSchema}. */
export type ResizingOptions = z.output<typeof resizingOptionsSchema>;
