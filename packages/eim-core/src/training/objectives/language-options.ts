import { z } from 'zod';

export const languageOptionsSchema = z.strictObject({
  /** Share of the target distribution spread over the whole vocabulary. @default 0 */
  labelSmoothing: z.number().min(0).lt(1).default(0),
  /**
   * Text positions start where they will start behind the ST's prefix, so that learned position embeddings
   * are trained where they are used. @default true
   */
  leaveRoomForPrefix: z.boolean().default(true),
});

export type LanguageOptions = z.output<typeof languageOptionsSchema>;
