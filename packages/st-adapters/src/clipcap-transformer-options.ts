import { z } from 'zod';

const count = z.int().positive();

/** Options of ClipCap's transformer mapper. */
export const clipCapTransformerOptionsSchema = z.strictObject({
  /** Prefix slots, k: learned constants whose outputs are kept. */
  prefixLength: count,
  /** Slots that the pooled vector is spread over, c. */
  clipLength: count,
  blockCount: count,
  /** Divides the LLM's width. */
  headCount: count,
  /** Width of the feed-forward layers over the LLM's width. */
  feedForwardRatio: z.number().positive(),
  /** Scale the pooled vector to length 1 first (ClipCap's `normalize_prefix`). @default false */
  normalisePrefix: z.boolean().default(false),
});

export type ClipCapTransformerOptions = z.output<typeof clipCapTransformerOptionsSchema>;
export type ClipCapTransformerOptionsInput = z.input<typeof clipCapTransformerOptionsSchema>;
