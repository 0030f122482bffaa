import { z } from 'zod';

const count = z.int().positive();
const rate = z.number().min(0).lt(1);

/** Every hyper-parameter of CLIP's text transformer (Radford et al. 2021). */
export const clipTextEncoderOptionsSchema = z
  .strictObject({
    vocabularySize: count,
    /** Positions, begin and end token included. */
    contextLength: count,
    width: count,
    blockCount: count,
    /** Divides `width`. */
    headCount: count,
    /** Width inside the feed-forward layers. */
    feedForwardSize: count,
    /** Width of the pooled vector: of the projected end token. */
    pooledSize: count,
    /** Whether the pooled vector is projected; else it is as wide as the tokens. @default true */
    projected: z.boolean().default(true),
    /** Inside the feed-forward layers: OpenAI's `quick-gelu`, open_clip's own models' `exact-gelu`. @default 'quick-gelu' */
    activation: z.enum(['quick-gelu', 'exact-gelu', 'gelu']).default('quick-gelu'),
    /** Added to the variance in each LayerNorm. @default 1e-5 */
    normEpsilon: z.number().positive().default(1e-5),
    /** Of the attention weights, in training. @default 0 */
    attentionDropout: rate.default(0),
    /** Of what attention and feed-forward add, in training. @default 0 */
    residualDropout: rate.default(0),
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
export type ClipTextEncoderOptions = z.output<typeof clipTextEncoderOptionsSchema>;
/** Options as a user writes them: what has a default may be left out. */
export type ClipTextEncoderOptionsInput = z.input<typeof clipTextEncoderOptionsSchema>;
