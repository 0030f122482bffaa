import { EimError } from '@eim/contracts';
import type { Objective, ObjectivePluginContext } from '@eim/contracts/model';
import { configError, describeIssues } from '../../plan/config-issues.js';
import type { Segment } from '../../plan/segment-schema.js';
import { builtInObjectives } from '../objectives/built-in-objectives.js';
import { type Auxiliary, withAuxiliaries } from '../objectives/with-auxiliaries.js';
import type { ObjectiveEntry } from './train-options.js';

type Entries = Readonly<Record<string, ObjectiveEntry>>;

/** An objective as a segment names it, as its own loss or beside it. */
interface NamedObjective {
  readonly use: string;
  readonly options: Readonly<Record<string, unknown>>;
  /** Where it stands in the segment, for messages. */
  readonly at: string;
}

/**
 * The objective that a segment names, with its training-only parameters freshly drawn, and with its auxiliary losses.
 * @throws EimError `plugin-not-found` or, for its options, `invalid-config`
 * @example
 * const objective = await createObjective(segment, { random, parts: model, tokenizer });
 */
export async function createObjective(
  { name, objective: named }: Segment,
  context: ObjectivePluginContext,
  others: Entries = {},
): Promise<Objective> {
  const entries: Entries = { ...builtInObjectives, ...others };
  const { use, options, auxiliary = [] } = named;
  const main = await createNamed(name, { use, options, at: 'objective' }, entries, context);
  if (auxiliary.length === 0) return main;
  const made: Auxiliary[] = [];
  try {
    for (const [index, { use, options, weight }] of auxiliary.entries()) {
      const at = `objective.auxiliary.${index}`;
      const random = context.random.fork(`auxiliary.${index}`);
      const objective = await createNamed(name, { use, options, at }, entries, { ...context, random });
      made.push({ objective, weight });
    }
  } catch (error) {
    for (const objective of [main, ...made.map((one) => one.objective)]) objective.dispose?.();
    throw error;
  }
  return withAuxiliaries(main, made);
}

async function createNamed(
  segment: string,
  { use, options, at }: NamedObjective,
  entries: Entries,
  context: ObjectivePluginContext,
): Promise<Objective> {
  const entry = entries[use];
  if (!entry) {
    throw new EimError({
      code: 'plugin-not-found',
      message: `Segment '${segment}' uses the objective '${use}', which is not known.`,
      advice: `Known are ${Object.keys(entries).join(', ')}.`,
      data: { segment, use },
    });
  }
  const parsed = entry.optionsSchema.safeParse(options);
  if (!parsed.success) {
    throw configError(`segment '${segment}'`, describeIssues(parsed.error.issues, `${at}.options`));
  }
  return entry.create(parsed.data, context);
}
