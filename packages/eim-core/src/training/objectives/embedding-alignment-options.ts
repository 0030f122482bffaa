import { z } from 'zod';

export const embeddingAlignmentOptionsSchema = z.strictObject({
  /** Weight of `1 - cosine` between a picture's pooled ST output and its captions' mean embedding. @default 1 */
  cosineWeight: z.number().min(0).default(1),
  /** Weight of the symmetric InfoNCE between the two over the batch. @default 1 */
  contrastWeight: z.number().min(0).default(1),
  /** Weight of the squared logarithm of an ST slot's norm divided by a token embedding's. @default 0.5 */
  sizeWeight: z.number().min(0).default(0.5),
  /** Temperature of the InfoNCE term; it is not learnt. @default 0.07 */
  temperature: z.number().gt(0).max(1).default(0.07),
});

export type EmbeddingAlignmentOptions = z.output<typeof embeddingAlignmentOptionsSchema>;
