import { z } from 'zod';
import { selectionSchema } from './selection-schema.js';

/** How one part learns in a segment. */
export const learnPartSchema = z
  .strictObject({
    /** Which of its parameters learn. */
    select: selectionSchema,
    /** Peak learning rate of the last blocks. Needed unless the part is frozen. @default 0 */
    learningRate: z.number().min(0).default(0),
    /**
     * Rate of a parameter = learningRate * layerDecay ^ (greatest depth - its depth); 1 is one rate for all.
     * @default 1
     */
    layerDecay: z.number().gt(0).max(1).default(1),
    /** Decoupled weight decay (AdamW), applied to parameters of role `weight` and `embedding` alone. @default 0 */
    weightDecay: z.number().min(0).default(0),
  })
  .refine((part) => part.select === 'frozen' || part.learningRate !== 0, {
    path: ['learningRate'],
    error: 'must be above 0 where the part learns',
  });

/** Parts that are not named are frozen. */
export const learnSchema = z.strictObject({
  encoder: learnPartSchema.optional(),
  st: learnPartSchema.optional(),
  llm: learnPartSchema.optional(),
});

export type LearnPart = z.output<typeof learnPartSchema>;
export type Learn = z.output<typeof learnSchema>;
