import { z } from 'zod';
import { type ConfigIssue, configError, describeIssues } from './config-issues.js';
import { overrideSegments, type SegmentOverrides } from './override-segments.js';
import { parsePlan } from './parse-plan.js';
import { type Plan, type PlanInput, planSchema } from './plan-schema.js';
import { PLAN_PRESETS, type PlanPreset, type PlanPresetName } from './presets/plan-presets.js';
import { type PresetOptions, presetOptionsSchema } from './presets/preset-options.js';

/** A preset with its options, and changes to its segments by name. */
export type PresetPlanInput = PresetOptions & {
  readonly preset: PlanPresetName;
  readonly segments?: SegmentOverrides;
};

const presetNames = Object.keys(PLAN_PRESETS) as [PlanPresetName, ...PlanPresetName[]];
/** A {@link PresetPlanInput}, but for what each preset does not read. */
export const presetPlanSchema = presetOptionsSchema.extend({
  preset: z.enum(presetNames),
  segments: z
    .record(
      z.string(),
      z.custom<SegmentOverrides[string]>(
        (value) => value === false || (typeof value === 'object' && value !== null && !Array.isArray(value)),
        { error: 'must be the changed fields of that segment, or false to leave it out' },
      ),
    )
    .optional(),
});

/**
 * Reads the plan of a config: `{segments: [...]}`, or `{preset: eim, steps: 2000, ...}`.
 * @param at path of the plan inside the config, for messages
 * @throws EimError `invalid-config` with all mistakes in `data.issues`
 * @example
 * const plan = resolvePlan({ preset: 'eim', steps: 2000, batchSize: 32 });
 * plan.segments.map(({ name }) => name); // ['words', 'slots', 'bridge']
 */
export function resolvePlan(input: PlanInput | PresetPlanInput, options?: { readonly at?: string }): Plan;
export function resolvePlan(input: unknown, options?: { readonly at?: string }): Plan;
export function resolvePlan(input: unknown, { at = '' }: { readonly at?: string } = {}): Plan {
  if (typeof input !== 'object' || input === null || !('preset' in input)) return parsePlan(input, { at });
  const under = (issues: readonly ConfigIssue[]) =>
    issues.map(({ path, message }) => ({ path: at ? `${at}.${path}` : path, message }));

  const parsed = presetPlanSchema.safeParse(input);
  if (!parsed.success) throw configError('the plan', describeIssues(parsed.error.issues, at));
  const { preset, segments: overrides = {}, ...options } = parsed.data;
  const { ignores, build }: PlanPreset = PLAN_PRESETS[preset];
  const ignored = ignores.filter((key) => options[key] !== undefined);
  const unread = ignored.map((path) => ({ path, message: `the preset '${preset}' does not read it` }));
  if (unread.length > 0) throw configError('the plan', under(unread));
  const result = build(options);
  if ('issue' in result) throw configError('the plan', under([result.issue]));
  const { segments, issues } = overrideSegments(result.segments, overrides);
  if (issues.length > 0) throw configError('the plan', under(issues));
  const plan = planSchema.safeParse({ segments });
  if (plan.success) return plan.data;
  throw configError(
    'the plan',
    under(describeIssues(plan.error.issues).map((issue) => named(issue, segments))),
  );
}

/** In the config of a preset, segments are addressed by name instead of number. */
function named({ path, message }: ConfigIssue, segments: readonly unknown[]): ConfigIssue {
  const byName = path.replace(/^segments\.(\d+)/, (_, index: string) => {
    const { name } = segments[Number(index)] as { readonly name: string };
    return `segments.${name}`;
  });
  return { path: byName, message };
}
