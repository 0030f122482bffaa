import { z } from 'zod';
import { augmentationSchema, type SegmentInput } from '../segment-schema.js';
import { selectionSchema } from '../selection-schema.js';

const share = z.number().gt(0).lt(1).optional();

/** What a preset is made to measure by. Which of them a preset reads, and its defaults, it says itself. */
export const presetOptionsSchema = z.strictObject({
  /** Steps of all segments together. */
  steps: z.int().min(1).optional(),
  /** Passes over the training captions, in presets of one segment. */
  epochs: z.int().min(1).optional(),
  /** Distinct pictures a step. */
  batchSize: z.int().min(1).optional(),
  /** Captions of each picture a step. */
  captionsPerPicture: z.int().min(1).optional(),
  /** Of the ST; the rates of the other parts follow from it. */
  learningRate: z.number().gt(0).optional(),
  weightDecay: z.number().min(0).optional(),
  /** What learns of a part where the preset has it learn. @default 'full' each */
  select: z
    .strictObject({
      encoder: selectionSchema.optional(),
      st: selectionSchema.optional(),
      llm: selectionSchema.optional(),
    })
    .optional(),
  augment: z.array(augmentationSchema).optional(),
  /** Of the joint segment, in presets with the LLM's measure. */
  labelSmoothing: z.number().min(0).lt(1).optional(),
  /** Shares of `steps` that segments before the joint one take. */
  shares: z.strictObject({ contrast: share, language: share, align: share, 'warm-up': share }).optional(),
});

export type PresetOptions = z.output<typeof presetOptionsSchema>;

/** The length of a preset of one segment. */
export function untilOf({ steps, epochs }: PresetOptions): SegmentInput['until'] {
  return { ...(steps === undefined ? {} : { steps }), ...(epochs === undefined ? {} : { epochs }) };
}
