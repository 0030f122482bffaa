import { z } from 'zod';

/** Options that belong to a text side of one kind alone. */
const OF_TRAINED = ['textWidth', 'projectionSize'] as const;

export const contrastiveOptionsSchema = z
  .strictObject({
    /**
     * What stands against the pictures: `trained`, a small text side that starts from nothing; or `encoder`, the text tower that was
     * published with the encoder's weights, such as CLIP's, with the space that both share. @default 'trained'
     */
    textSide: z.enum(['trained', 'encoder']).default('trained'),
    /** Learning rate of the published text tower. Absent: it is frozen. */
    textLearningRate: z.number().gt(0).optional(),
    /** Width of the trained text side. @default 128 */
    textWidth: z.int().min(1).optional(),
    /** Width of the space in which pictures and the trained text side's texts are compared. @default 128 */
    projectionSize: z.int().min(1).optional(),
    /** Temperature at the start; it is learnt. CLIP's own is 0.01. @default 0.07 */
    temperature: z.number().gt(0).max(1).default(0.07),
    /** @default 0 */
    labelSmoothing: z.number().min(0).lt(1).default(0),
    /**
     * Which of the encoder's outputs is compared: what the ST reads, of tokens their mean; or the pooled vector, be it read or not.
     * @default 'st'
     */
    source: z.enum(['st', 'pooled']).default('st'),
    /** Share of the target that goes to pictures of similar captions, by their words (tf-idf). @default 0 */
    softTargets: z.number().min(0).lt(1).default(0),
  })
  .superRefine((options, context) => {
    const isTrained = options.textSide === 'trained';
    const others = isTrained ? (['textLearningRate'] as const) : OF_TRAINED;
    for (const name of others) {
      if (options[name] === undefined) continue;
      const message = isTrained
        ? "needs textSide: encoder; a trained text side learns at the objective's learningRate"
        : 'belongs to textSide: trained; a published text tower has sizes of its own';
      context.addIssue({ code: 'custom', path: [name], message });
    }
  });

export type ContrastiveOptions = z.output<typeof contrastiveOptionsSchema>;
