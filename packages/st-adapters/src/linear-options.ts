import { z } from 'zod';

/** Options of the linear ST. */
export const linearOptionsSchema = z.strictObject({
  /** `tokens`: each encoder token becomes a prefix slot. `pooled`: one slot from the pooled vector. */
  source: z.enum(['tokens', 'pooled']),
  /** LayerNorm in front of the map; CLIP's tokens come before its final norm. @default true */
  normaliseInput: z.boolean().default(true),
});

export type LinearOptions = z.output<typeof linearOptionsSchema>;
export type LinearOptionsInput = z.input<typeof linearOptionsSchema>;
