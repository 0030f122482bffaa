import { z } from 'zod';

export const captionObjectiveOptionsSchema = z.strictObject({
  /** Share of the target distribution spread over the whole vocabulary. @default 0 */
  labelSmoothing: z.number().min(0).lt(1).default(0),
});

export type CaptionObjectiveOptions = z.output<typeof captionObjectiveOptionsSchema>;
