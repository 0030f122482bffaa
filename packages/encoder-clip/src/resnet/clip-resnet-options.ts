import { resizingOptionsSchema } from '@eim/images/options';
import { z } from 'zod';

const count = z.int().positive();
const channels = z.tuple([z.number(), z.number(), z.number()]);

/** Every hyper-parameter of CLIP's residual networks (Radford et al. 2021, section 2.4 and appendix F). */
export const clipResnetOptionsSchema = z
  .strictObject({
    /** Side of the square input, in pixels; a multiple of 32. */
    imageSize: count,
    /** Channels behind the stem; the last grid has 32 times as many. Even. */
    width: count,
    /** Blocks of each of the four stages. */
    stages: z.tuple([count, count, count, count]),
    /** Of the attention that pools the last grid; divides 32 times `width`. */
    headCount: count,
    /** Width of the pooled vector. */
    pooledSize: count,
    /** `half-even` is torchvision's and OpenAI's, `floor` Hugging Face's. @default 'half-even' */
    cropRounding: z.enum(['floor', 'half-even']).default('half-even'),
    /** How pictures are resized, where not as CLIP does it: the shorter side to `imageSize`, bicubic. */
    resizing: resizingOptionsSchema.omit({ cropRounding: true }).optional(),
    /** Of the pixels' channels, in [0, 1]. @default OpenAI's */
    mean: channels.default([0.48145466, 0.4578275, 0.40821073]),
    /** Of the pixels' channels. @default OpenAI's */
    standardDeviation: channels.default([0.26862954, 0.26130258, 0.27577711]),
  })
  .refine(({ imageSize }) => imageSize % 32 === 0, {
    path: ['imageSize'],
    error: 'must be a multiple of 32, which the network shrinks a picture by',
  })
  .refine(({ width }) => width % 2 === 0, { path: ['width'], error: 'must be even' })
  .refine(({ width, headCount }) => (32 * width) % headCount === 0, {
    path: ['headCount'],
    error: 'must divide 32 times the width',
  });

/** Complete options. */
export type ClipResnetOptions = z.output<typeof clipResnetOptionsSchema>;
/** Options as a user writes them: what has a default may be left out. */
export type ClipResnetOptionsInput = z.input<typeof clipResnetOptionsSchema>;
