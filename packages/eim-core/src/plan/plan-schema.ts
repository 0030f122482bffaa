import { z } from 'zod';
import { type SegmentInput, segmentSchema } from './segment-schema.js';

/** An ordered list of segments. */
export const planSchema = z.strictObject({
  segments: z
    .array(segmentSchema)
    .min(1, { error: 'a plan needs at least one segment' })
    .superRefine((segments, context) => {
      const seen = new Map<string, number>();
      segments.forEach((segment, index) => {
        const first = seen.get(segment.name);
        if (first !== undefined) {
          context.addIssue({
            code: 'custom',
            path: [index, 'name'],
            message: `'${segment.name}' is already the name of segment ${first + 1}`,
          });
        }
        seen.set(segment.name, first ?? index);
      });
    }),
});

/** A plan with every default filled in: the form that the runner drives and a run folder stores. */
export type Plan = z.output<typeof planSchema>;
/** A plan as written in a config. */
export interface PlanInput {
  readonly segments: readonly SegmentInput[];
}
