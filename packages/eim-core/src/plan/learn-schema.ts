import { z } from 'zod';
import { namePatternsSchema } from './name-patterns-schema.js';
import { selectionSchema } from './selection-schema.js';

/** Another rate for some of a part's parameters. */
const partRateSchema = z.strictObject({
  /** Names among those that learn. Every name has to find something. */
  names: namePatternsSchema,
  /** What their rate is multiplied by. Where several entries name a parameter, all of them count. */
  times: z.number().gt(0),
});

/** How one part learns in a segment. */
export const learnPartSchema = z
  .strictObject({
    /** Which of its parameters learn. */
    select: selectionSchema,
    /** Peak learning rate of the last blocks. Needed unless the part is frozen. @default 0 */
    learningRate: z.number().min(0).default(0),
    /**
     * Rate of a parameter = learningRate * layerDecay ^ (greatest depth - its depth); 1 is one rate for all depths.
     * @default 1
     */
    layerDecay: z.number().gt(0).max(1).default(1),
    /** Decoupled weight decay (AdamW), of the parameters that `decayed` names. @default 0 */
    weightDecay: z.number().min(0).default(0),
    /**
     * Which parameters decay: those of role `weight` and `embedding`, or whatever has two or more dimensions (`matrices`), as in
     * MAE's programs and those that descend from them, gates and prompts of LLaMA-Adapter among it. Absent: `roles`.
     */
    decayed: z.enum(['roles', 'matrices']).optional(),
    /** Other rates for some of its parameters. Absent: none. */
    rates: z.array(partRateSchema).min(1).optional(),
  })
  .refine((part) => part.select === 'frozen' || part.learningRate !== 0, {
    path: ['learningRate'],
    error: 'must be above 0 where the part learns',
  })
  .refine((part) => part.select !== 'frozen' || part.rates === undefined, {
    path: ['rates'],
    error: 'has no effect where the part is frozen',
  });

/** Parts that are not named are frozen. */
export const learnSchema = z.strictObject({
  encoder: learnPartSchema.optional(),
  st: learnPartSchema.optional(),
  llm: learnPartSchema.optional(),
});

export type LearnPart = z.output<typeof learnPartSchema>;
export type PartRate = z.output<typeof partRateSchema>;
export type Learn = z.output<typeof learnSchema>;
