import type { ConfigIssue } from './config-issues.js';
import type { SegmentInput } from './segment-schema.js';

/** Changes to a preset's segments by name. Given fields replace the preset's; `null` removes a field, `false` a whole segment. */
export type SegmentOverrides = Readonly<Record<string, false | Readonly<Record<string, unknown>>>>;

/** Applies overrides to segments. Mistakes in them are left for the segment's own schema to report. */
export function overrideSegments(
  segments: readonly SegmentInput[],
  overrides: SegmentOverrides,
): { readonly segments: unknown[]; readonly issues: ConfigIssue[] } {
  const names = segments.map(({ name }) => name);
  const issues = Object.keys(overrides)
    .filter((name) => !names.includes(name))
    .map((name) => ({
      path: `segments.${name}`,
      message: `the preset has no segment '${name}'; it has ${names.join(', ')}`,
    }));
  const changed = segments.flatMap((segment): unknown[] => {
    const override = overrides[segment.name];
    if (override === false) return [];
    return [override === undefined ? segment : layOver(segment, override)];
  });
  return { segments: changed, issues };
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Pairs of fields that exclude each other: giving one removes the other. */
const ALTERNATIVES: readonly (readonly [string, string])[] = [
  ['steps', 'epochs'],
  ['warmupSteps', 'warmupFraction'],
];

/** Fields whose objects are alternatives to each other: one never completes another. */
const WHOLE: readonly string[] = ['select'];

function layOver(base: unknown, over: unknown): unknown {
  if (!isObject(base) || !isObject(over)) return over;
  const result: Record<string, unknown> = { ...base };
  for (const [first, second] of ALTERNATIVES) {
    if (first in over) delete result[second];
    if (second in over) delete result[first];
  }
  for (const [key, value] of Object.entries(over)) {
    if (value === null) delete result[key];
    else if (WHOLE.includes(key)) result[key] = value;
    else result[key] = layOver(result[key], value);
  }
  return result;
}
