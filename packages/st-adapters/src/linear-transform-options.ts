import { z } from 'zod';

/** Options of the linear ST. */
export const linearTransformOptionsSchema = z.strictObject({
  /** `tokens`: each encoder token becomes a prefix slot. `pooled`: one slot from the pooled vector. */
  source: z.enum(['tokens', 'pooled']),
  /** LayerNorm in front of the map; CLIP's tokens come before its final norm. @default true */
  normaliseInput: z.boolean().default(true),
});

export type LinearTransformOptions = z.output<typeof linearTransformOptionsSchema>;
export type LinearTransformOptionsInput = z.input<typeof linearTransformOptionsSchema>;
