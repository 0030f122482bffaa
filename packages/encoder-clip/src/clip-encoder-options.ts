import { resizingOptionsSchema } from '@eim/images/options';
import { z } from 'zod';

const count = z.int().positive();
const channels = z.tuple([z.number(), z.number(), z.number()]);
const rate = z.number().min(0).lt(1);

/** Every hyper-parameter of a CLIP vision transformer (Radford et al. 2021). */
export const clipEncoderOptionsSchema = z
  .strictObject({
    /** Side of the square input, in pixels. */
    imageSize: count,
    /** Side of a square patch, in pixels; divides `imageSize`. */
    patchSize: count,
    /** Of the tokens. */
    width: count,
    blockCount: count,
    /** Divides `width`. */
    headCount: count,
    /** Width inside the feed-forward layers. */
    feedForwardSize: count,
    /** Width of the pooled vector: of the projected class token. */
    pooledSize: count,
    /** Whether the pooled vector is projected; else it is as wide as the tokens. @default true */
    projected: z.boolean().default(true),
    /**
     * Whether every token passes the final norm and the projection, as the class token does: `tokens` are then as wide as the
     * pooled vector. LLaMA-Adapter V2 reads them so. @default false
     */
    projectedTokens: z.boolean().default(false),
    /** Inside the feed-forward layers: OpenAI's `quick-gelu`, open_clip's own models' `exact-gelu`. @default 'quick-gelu' */
    activation: z.enum(['quick-gelu', 'exact-gelu', 'gelu']).default('quick-gelu'),
    /** Added to the variance in each LayerNorm. @default 1e-5 */
    normEpsilon: z.number().positive().default(1e-5),
    /** Of the attention weights, in training. @default 0 */
    attentionDropout: rate.default(0),
    /** Of what attention and feed-forward add, in training. @default 0 */
    residualDropout: rate.default(0),
    /** `half-even` is torchvision's and OpenAI's, `floor` Hugging Face's. @default 'half-even' */
    cropRounding: z.enum(['floor', 'half-even']).default('half-even'),
    /** How pictures are resized, where not as CLIP does it: the shorter side to `imageSize`, bicubic. */
    resizing: resizingOptionsSchema.omit({ cropRounding: true }).optional(),
    /** Of the pixels' channels, in [0, 1]. @default OpenAI's */
    mean: channels.default([0.48145466, 0.4578275, 0.40821073]),
    /** Of the pixels' channels. @default OpenAI's */
    standardDeviation: channels.default([0.26862954, 0.26130258, 0.27577711]),
  })
  .refine(({ imageSize, patchSize }) => imageSize % patchSize === 0, {
    path: ['patchSize'],
    error: 'must divide imageSize',
  })
  .refine(({ width, headCount }) => width % headCount === 0, {
    path: ['headCount'],
    error: 'must divide width',
  })
  .refine(({ width, pooledSize, projected }) => projected || pooledSize === width, {
    path: ['pooledSize'],
    error: 'must be the width where nothing projects it',
  });

/** Complete options. */
export type ClipEncoderOptions = z.output<typeof clipEncoderOptionsSchema>;
/** Options as a user writes them: what has a default may be left out. */
export type ClipEncoderOptionsInput = z.input<typeof clipEncoderOptionsSchema>;
