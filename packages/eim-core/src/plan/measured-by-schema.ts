import { z } from 'zod';

/** Whether a higher or a lower metric is better. */
export const directionSchema = z.enum(['max', 'min']);
export type Direction = z.output<typeof directionSchema>;

/** Which half of a split's pictures is measured. */
export const halfSchema = z.enum(['first', 'second']);
export type Half = z.output<typeof halfSchema>;

/** A metric of the segment's objective (`loss`, `retrieval@1`, ...) on a split. */
export const measuredByFields = {
  metric: z.string().min(1),
  /** @default 'val' */
  split: z.string().min(1).default('val'),
  /**
   * Measures on one half of the split's pictures, so that a gate on the `first` and `keepBest` on the `second` never decide by
   * the same picture. Halves follow from a hash of each picture's fingerprint (of a row's id where it has no picture), so they
   * are those of every run. Absent: all of the split.
   */
  half: halfSchema.optional(),
  direction: directionSchema,
};

/** The gate metric that trains copies of ST and LLM on captions for a few steps. */
export const CAPTION_PROBE = 'caption-probe';

/** How the gate metric `caption-probe` trains its copies of ST and LLM. */
export const captionProbeSchema = z.strictObject({
  /** Optimizer steps, the same before and after the segment. @default 40 */
  steps: z.int().min(1).default(40),
  /** Rows of a step. @default 32 */
  batchSize: z.int().min(1).default(32),
  /** Peak rate of ST and LLM; it falls to 0 as a cosine. A published LLM needs a small one, such as 2e-5. @default 1e-3 */
  learningRate: z.number().gt(0).default(1e-3),
});
export type CaptionProbe = z.output<typeof captionProbeSchema>;

/** By what a gate lets a segment pass. */
export const gateRuleSchema = z.enum(['tolerance', 'standard-error']);
export type GateRule = z.output<typeof gateRuleSchema>;

/** Shares of what a segment learnt that are measured by a gate with `interpolate: true`. */
export const INTERPOLATED_SHARES = [0.25, 0.5, 0.75, 1] as const;

const sharesSchema = z
  .array(z.number().gt(0).max(1))
  .min(1)
  .refine((shares) => shares.every((share, index) => index === 0 || share > shares[index - 1]!), {
    error: 'must rise',
  });

/** Measured before and after the segment. If its rule says so, the segment is rolled back. */
export const gateSchema = z
  .strictObject({
    ...measuredByFields,
    /**
     * `tolerance`: the metric gets worse by no more than the tolerance. `standard-error`: it gets better by more than one standard
     * error of the mean difference, picture by picture; this needs a metric that is a mean over pictures. @default 'tolerance'
     */
    rule: gateRuleSchema.default('tolerance'),
    /** How much worse the metric may get, in its own unit. @default 0 */
    tolerance: z.number().min(0).default(0),
    /**
     * Weights between the segment's start and its end are measured, too (WiSE-FT, Wortsman et al. 2022, arXiv:2109.01903): start +
     * share * (end - start). Of the shares that pass, the best one stays; if none does, the segment is rolled back. `true`: 1/4,
     * 1/2, 3/4 and 1. Absent: 1 alone. For published weights, of which a segment should not undo too much.
     */
    interpolate: z.union([z.boolean(), sharesSchema]).optional(),
    /** Of the metric `caption-probe`. Absent: its defaults. */
    probe: captionProbeSchema.optional(),
  })
  .refine(({ metric, probe }) => metric === CAPTION_PROBE || probe === undefined, {
    path: ['probe'],
    error: `is read by the metric '${CAPTION_PROBE}' alone`,
  })
  .refine(({ metric, direction }) => metric !== CAPTION_PROBE || direction === 'min', {
    path: ['direction'],
    error: `must be min: '${CAPTION_PROBE}' is a loss`,
  })
  .refine(({ rule, tolerance }) => rule === 'tolerance' || tolerance === 0, {
    path: ['tolerance'],
    error: "is not read by the rule 'standard-error', by which the metric has to get better",
  });
export type Gate = z.output<typeof gateSchema>;

/** Shares of what a segment learnt that its gate measures after it, rising. */
export function interpolatedShares({ interpolate }: Gate): readonly number[] {
  if (interpolate === true) return INTERPOLATED_SHARES;
  return interpolate || [1];
}

/** Measures the metric every so often and after the last step. The segment leaves the weights that measured best. */
export const keepBestSchema = z.strictObject({
  ...measuredByFields,
  metric: measuredByFields.metric.refine((metric) => metric !== CAPTION_PROBE, {
    error: `'${CAPTION_PROBE}' is a metric of gates alone: it would train copies at every evaluation`,
  }),
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
