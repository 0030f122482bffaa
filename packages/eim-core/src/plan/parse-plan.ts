import { configError, describeIssues } from './config-issues.js';
import { type Plan, planSchema } from './plan-schema.js';

/**
 * Checks a plan and fills in its defaults. A parsed plan parses to itself.
 * @param at path of the plan inside the config, for messages
 * @throws EimError `invalid-config` with all mistakes at once in `data.issues`
 * @example
 * const plan = parsePlan({
 *   segments: [{ name: 'joint', learn: { st: { select: 'full', learningRate: 1e-3 } }, objective: 'caption', data: 'train', until: { steps: 100 } }],
 * });
 */
export function parsePlan(input: unknown, { at = '' }: { readonly at?: string } = {}): Plan {
  const result = planSchema.safeParse(input);
  if (result.success) return result.data;
  throw configError('the plan', describeIssues(result.error.issues, at));
}
