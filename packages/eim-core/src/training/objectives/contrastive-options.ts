import { z } from 'zod';

export const contrastiveOptionsSchema = z.strictObject({
  /** Width of the training-only text side. @default 128 */
  textWidth: z.int().min(1).default(128),
  /** Width of the space in which pictures and texts are compared. @default 128 */
  projectionSize: z.int().min(1).default(128),
  /** Temperature at the start; it is learnt. @default 0.07 */
  temperature: z.number().gt(0).max(1).default(0.07),
  /** @default 0 */
  labelSmoothing: z.number().min(0).lt(1).default(0),
});

export type ContrastiveOptions = z.output<typeof contrastiveOptionsSchema>;
