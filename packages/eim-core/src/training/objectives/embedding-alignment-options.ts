import { z } from 'zod';

export const embeddingAlignmentOptionsSchema = z.strictObject({
  /** Of `1 - cosine` between a picture's pooled ST output and its captions' mean embedding. @default 1 */
  cosineWeight: z.number().min(0).default(1),
  /** Of symmetric InfoNCE between the two over the batch. @default 1 */
  contrastWeight: z.number().min(0).default(1),
  /** Of the squared logarithm of an ST slot's size over a token embedding's. @default 0.5 */
  sizeWeight: z.number().min(0).default(0.5),
  /** Of the InfoNCE term; fixed. @default 0.07 */
  temperature: z.number().gt(0).max(1).default(0.07),
});

export type EmbeddingAlignmentOptions = z.output<typeof embeddingAlignmentOptionsSchema>;
