import { z } from 'zod';

/** Whether a higher or a lower metric is better. */
export const directionSchema = z.enum(['max', 'min']);
export type Direction = z.output<typeof directionSchema>;

/** A metric of the segment's objective (`loss`, `retrieval@1`, ...) on a split. */
export const measuredByFields = {
  metric: z.string().min(1),
  /** @default 'val' */
  split: z.string().min(1).default('val'),
  direction: directionSchema,
};

/** Measured before and after the segment. If it gets worse by more than `tolerance`, the segment is rolled back. */
export const gateSchema = z.strictObject({
  ...measuredByFields,
  /** How much worse the metric may get, in its own unit. @default 0 */
  tolerance: z.number().min(0).default(0),
});
export type Gate = z.output<typeof gateSchema>;

/** Measures the metric every so often and after the last step. The segment leaves the weights that measured best. */
export const keepBestSchema = z.strictObject({
  ...measuredByFields,
  /** Steps between evaluations. */
  every: z.int().min(1),
});
export type KeepBest = z.output<typeof keepBestSchema>;

/** Stops the segment when the metric has not improved for `patience` evaluations. The best weights stay. */
export const earlyStoppingSchema = keepBestSchema.extend({
  /** Evaluations without improvement that end the segment. */
  patience: z.int().min(1),
});
export type EarlyStopping = z.output<typeof earlyStoppingSchema>;
