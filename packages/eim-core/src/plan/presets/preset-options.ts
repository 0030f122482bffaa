import { z } from 'zod';
import type { ConfigIssue } from '../config-issues.js';
import { augmentationSchema, type SegmentInput } from '../segment-schema.js';
import { selectionSchema } from '../selection-schema.js';

const share = z.number().gt(0).lt(1).optional();

/** Options that all presets share. Each preset decides which of them it reads, and their defaults. */
export const presetOptionsSchema = z.strictObject({
  /** Steps of all segments together. */
  steps: z.int().min(1).optional(),
  /** Passes over the training captions, in presets of one segment. */
  epochs: z.int().min(1).optional(),
  /** Distinct pictures in each step. */
  batchSize: z.int().min(1).optional(),
  /** Captions drawn for each picture in each step. */
  captionsPerPicture: z.int().min(1).optional(),
  /** Learning rate of the ST. The rates of the other parts are derived from it. */
  learningRate: z.number().gt(0).optional(),
  weightDecay: z.number().min(0).optional(),
  /** Which parameters of a part learn in segments where the preset lets the part learn. @default 'full' for each */
  select: z
    .strictObject({
      encoder: selectionSchema.optional(),
      st: selectionSchema.optional(),
      llm: selectionSchema.optional(),
    })
    .optional(),
  augment: z.array(augmentationSchema).optional(),
  /** Label smoothing of the caption loss, in all segments that have it. @default 0 */
  labelSmoothing: z.number().min(0).lt(1).optional(),
  /** Decay of an average of the weights in the last segment, which the model ends with. Absent: none. */
  ema: z.number().gt(0).lt(1).optional(),
  /** The share of `steps` that each segment before the last one takes, by the segment's name. */
  shares: z
    .strictObject({
      words: share,
      slots: share,
      joint: share,
      probe: share,
      st: share,
      'last-blocks': share,
      'more-blocks': share,
      pretrain: share,
    })
    .optional(),
  /** Steps of linear warm-up from 0, in `clipcap`, `lavin` and `llama-adapter`. */
  warmupSteps: z.int().min(0).optional(),
});

export type PresetOptions = z.output<typeof presetOptionsSchema>;

/** A preset's segments, or the mistake in its options. */
export type PresetResult = { readonly segments: SegmentInput[] } | { readonly issue: ConfigIssue };

/** The length of a preset of one segment. */
export function untilOf({ steps, epochs }: PresetOptions): SegmentInput['until'] {
  return { ...(steps === undefined ? {} : { steps }), ...(epochs === undefined ? {} : { epochs }) };
}
