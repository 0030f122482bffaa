import { z } from 'zod';

const scores = z.record(z.string(), z.number());

/** How a trained model answered a benchmark. */
export const answerScoreSchema = z.strictObject({
  /** Package and entry. */
  benchmark: z.string(),
  /** Its options, every default filled in. */
  options: z.record(z.string(), z.string()),
  items: z.int().min(1),
  seconds: z.number().min(0),
  coreSeconds: z.number().min(0),
  /** All numbers that the benchmark gives, parts by their names before theirs: `tasks count score`. */
  scores,
  /** What the benchmark says is not there, and why. */
  absent: z.record(z.string(), z.string()),
  /** What is reached without a model, by name. */
  baselines: z.record(z.string(), scores),
  /** A hash of the benchmark's files and of the items' names, in their order. */
  questions: z.string(),
  /** `1` for each item that was answered rightly, else `0`, in their order. */
  right: z.string().regex(/^[01]+$/),
});
export type AnswerScore = z.output<typeof answerScoreSchema>;
