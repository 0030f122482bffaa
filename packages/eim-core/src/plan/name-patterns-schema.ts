import { z } from 'zod';

const patternSchema = z.string().min(1);

/**
 * A name of a parameter within its part, or several. `*` stands for any characters, dots included, and everything else for
 * itself: `blocks.*.attention.*`.
 */
export const namePatternsSchema = z.union([patternSchema, z.array(patternSchema).min(1).readonly()], {
  error: "must be a name or a list of names, in which * stands for any characters: 'blocks.*.attention.*'",
});

export type NamePatterns = z.output<typeof namePatternsSchema>;
