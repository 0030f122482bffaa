import { z } from 'zod';
import { learnSchema } from './learn-schema.js';
import { earlyStoppingSchema, gateSchema, keepBestSchema } from './measured-by-schema.js';

/** Lets a config write a bare name for an object that holds only this name. */
const orNamed = <Schema extends z.ZodType>(key: string, schema: Schema) =>
  z.preprocess((value) => (typeof value === 'string' ? { [key]: value } : value), schema);

/** A loss beside the segment's own, and how much it counts. */
const auxiliarySchema = z.strictObject({
  use: z.string().min(1),
  /** @default {} */
  options: z.record(z.string(), z.unknown()).default({}),
  weight: z.number().gt(0),
});

/** What a segment minimises: `caption`, `contrastive`, `embedding-alignment`, `language`, `words`, or `package/name`. */
const objectiveFields = z.strictObject({
  use: z.string().min(1),
  /** Checked by the objective's own schema. @default {} */
  options: z.record(z.string(), z.unknown()).default({}),
  /** Learning rate of parameters that exist during training alone. Absent: the greatest rate of `learn`. */
  learningRate: z.number().gt(0).optional(),
  /** Weight decay of parameters that exist during training alone. @default 0 */
  weightDecay: z.number().min(0).default(0),
  /** Further losses that are added in the same steps. Absent: none. */
  auxiliary: z.array(auxiliarySchema).min(1).optional(),
});
export const objectiveUseSchema = orNamed('use', objectiveFields);

/**
 * Flips and turns are right for satellite pictures and wrong for captions that say left, right, above or below.
 * `zoom` keeps a square window of at least 3/4 of the side, `colour-jitter` changes contrast and brightness a little.
 */
export const augmentationSchema = z.enum([
  'horizontal-flip',
  'vertical-flip',
  'quarter-turns',
  'zoom',
  'colour-jitter',
]);

const dataFields = z
  .strictObject({
    split: z.string().min(1),
    /** Drawn anew for each picture and step, which leaves nothing to cache, unless `cachedViews` is given. @default [] */
    augment: z.array(augmentationSchema).default([]),
    /**
     * For an encoder that is frozen: each picture is augmented and encoded this many times before the segment, and every step
     * draws one of these views. Absent: `augment` draws a new one at every step, and the encoder runs at every step.
     */
    cachedViews: z.int().min(1).optional(),
    /**
     * Share of its patches that each picture is seen by, drawn anew at every step (FLIP, Li et al. 2023), at that share of the
     * encoder's work. For encoders of patches, and the objectives `words` and `contrastive`. Absent: whole pictures.
     */
    keepPatches: z.number().gt(0).lt(1).optional(),
    /** In how many such subsets each picture is seen in a step (A-CLIP, Yang et al. 2023). Absent: 1. */
    views: z.int().min(1).optional(),
  })
  .refine(({ views, keepPatches }) => views === undefined || keepPatches !== undefined, {
    path: ['views'],
    error: 'needs keepPatches, which makes the views differ',
  })
  .refine(({ cachedViews, keepPatches }) => cachedViews === undefined || keepPatches === undefined, {
    path: ['keepPatches'],
    error: 'cannot be given together with cachedViews: patches are drawn anew at every step',
  })
  .refine(({ augment, cachedViews }) => cachedViews === undefined || augment.length > 0, {
    path: ['cachedViews'],
    error: 'needs augment, which makes the views differ',
  });
export const segmentDataSchema = orNamed('split', dataFields);

/** Exactly one of `steps` and `epochs`. */
export const untilSchema = z
  .strictObject({
    /** Optimizer steps. */
    steps: z.int().min(1).optional(),
    /** Passes over the split's captions. */
    epochs: z.int().min(1).optional(),
    earlyStopping: earlyStoppingSchema.optional(),
  })
  .refine((until) => (until.steps === undefined) !== (until.epochs === undefined), {
    error: 'needs exactly one of steps and epochs',
  });

export const segmentSchema = z
  .strictObject({
    /** Unique in the plan; used in messages, run logs and the ledger. */
    name: z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]*$/, { error: 'must be lower-case letters, digits and hyphens' }),
    learn: learnSchema,
    objective: objectiveUseSchema,
    data: segmentDataSchema,
    until: untilSchema,
    /** Absent: what the segment learns always stays. */
    gate: gateSchema.optional(),
    /**
     * The segment takes all of its steps and leaves the weights that measured best. `until.earlyStopping` keeps them by itself.
     * Absent, and without early stopping: the last weights.
     */
    keepBest: keepBestSchema.optional(),
    /** Distinct pictures in each batch. @default 32 */
    batchSize: z.int().min(1).default(32),
    /** Captions drawn for each picture of a batch, which makes `batchSize * captionsPerPicture` rows. @default 1 */
    captionsPerPicture: z.int().min(1).default(1),
    /**
     * Batches of `batchSize` for each optimizer step: their gradients are summed before the one update, which then is that of a
     * batch so many times as large, at the memory of a small one. Each batch counts by its real targets. An objective
     * that compares pictures and texts (`contrastive`, `embedding-alignment`) compares those of all batches, by a second pass forward;
     * together with auxiliary losses it compares within each batch, and these count by their pairs. Steps, warm-up, evaluations and checkpoints all count optimizer steps. @default 1
     */
    accumulate: z.int().min(1).default(1),
    /**
     * What the blocks of encoder and LLM compute on the way is not kept for the backward pass but computed again there: less
     * memory for about a third more work. Gradients are the same. Both parts must be able to, where they run. @default false
     */
    checkpointActivations: z.boolean().default(false),
    /** Steps of linear warm-up from 0; not together with `warmupFraction`. Absent: no warm-up. */
    warmupSteps: z.int().min(0).optional(),
    /** Warm-up as a share of the segment's steps. */
    warmupFraction: z.number().min(0).lt(1).optional(),
    /** How the rate falls from its peak after warm-up to 0 at the segment's end. @default 'cosine' */
    schedule: z.enum(['cosine', 'linear', 'constant']).default('cosine'),
    /** Greatest global norm of the gradient. Absent: not clipped. */
    clipNorm: z.number().gt(0).optional(),
    /**
     * What happens where a loss, a gradient or, at the end, a weight is not finite. `go-back`: the segment takes up earlier values
     * and goes on without the failed batch, at half the rate from there on; after three times the run ends.
     * `leave-out`: the same at an unchanged rate, as if the batch were not there, and after a hundred times the run ends. The
     * values are copies made every 50 steps (12 bytes for each learning parameter, 16 with `ema`, in the process's memory and in
     * checkpoints) or, where a copy would take more than 256 MiB, those of the segment's start. `stop`: the run ends at once.
     * @default 'go-back'
     */
    onNumericFailure: z.enum(['go-back', 'leave-out', 'stop']).default('go-back'),
    /** Settings of AdamW. @default {beta1: 0.9, beta2: 0.999, epsilon: 1e-8} */
    optimizer: z
      .strictObject({
        beta1: z.number().min(0).lt(1).default(0.9),
        beta2: z.number().min(0).lt(1).default(0.999),
        epsilon: z.number().gt(0).default(1e-8),
      })
      .prefault({}),
    /** Exponential moving average of what learns; it becomes the weights when the segment ends. */
    ema: z.strictObject({ decay: z.number().gt(0).lt(1) }).optional(),
  })
  .refine(({ data, learn }) => data.cachedViews === undefined || learn.encoder?.select !== 'full', {
    path: ['data', 'cachedViews'],
    error:
      'needs a frozen encoder: here all of it learns, so what it makes of a view changes with every step',
  })
  .refine((segment) => segment.warmupSteps === undefined || segment.warmupFraction === undefined, {
    path: ['warmupFraction'],
    error: 'cannot be given together with warmupSteps',
  })
  .refine((segment) => segment.keepBest === undefined || segment.until.earlyStopping === undefined, {
    path: ['keepBest'],
    error: 'cannot be given together with until.earlyStopping, which keeps the best weights itself',
  });

/** One segment with every default filled in. */
export type Segment = z.output<typeof segmentSchema>;
/** One segment as written in a config. */
export type SegmentInput = Omit<z.input<typeof segmentSchema>, 'objective' | 'data'> & {
  readonly objective: string | z.input<typeof objectiveFields>;
  readonly data: string | z.input<typeof dataFields>;
};
export type ObjectiveUse = z.output<typeof objectiveUseSchema>;
export type SegmentData = z.output<typeof segmentDataSchema>;
export type Until = z.output<typeof untilSchema>;
export type Augmentation = z.output<typeof augmentationSchema>;
