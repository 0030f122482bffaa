import { EimError } from '@eim/contracts';
import type { Objective, ObjectivePluginContext } from '@eim/contracts/model';
import { configError, describeIssues } from '../../plan/config-issues.js';
import type { Segment } from '../../plan/segment-schema.js';
import { builtInObjectives } from '../objectives/built-in-objectives.js';
import type { ObjectiveEntry } from './train-options.js';

/**
 * The objective that a segment names, with its training-only parameters freshly drawn.
 * @throws EimError `plugin-not-found` or, for its options, `invalid-config`
 * @example
 * const objective = await createObjective(segment, { random, parts: model, tokenizer });
 */
export async function createObjective(
  segment: Segment,
  context: ObjectivePluginContext,
  others: Readonly<Record<string, ObjectiveEntry>> = {},
): Promise<Objective> {
  const entries: Readonly<Record<string, ObjectiveEntry>> = { ...builtInObjectives, ...others };
  const { use, options } = segment.objective;
  const entry = entries[use];
  if (!entry) {
    throw new EimError({
      code: 'plugin-not-found',
      message: `Segment '${segment.name}' uses the objective '${use}', which is not known.`,
      advice: `Known are ${Object.keys(entries).join(', ')}.`,
      data: { segment: segment.name, use },
    });
  }
  const parsed = entry.optionsSchema.safeParse(options);
  if (!parsed.success) {
    throw configError(`segment '${segment.name}'`, describeIssues(parsed.error.issues, 'objective.options'));
  }
  return entry.create(parsed.data, context);
}
