import { z } from 'zod';

/** Options of ClipCap's MLP mapper. */
export const clipCapMlpOptionsSchema = z.strictObject({
  /** Prefix slots, k. */
  prefixLength: z.int().positive(),
  /** Scale the pooled vector to length 1 first (ClipCap's `normalize_prefix`). @default false */
  normalisePrefix: z.boolean().default(false),
});

export type ClipCapMlpOptions = z.output<typeof clipCapMlpOptionsSchema>;
export type ClipCapMlpOptionsInput = z.input<typeof clipCapMlpOptionsSchema>;
