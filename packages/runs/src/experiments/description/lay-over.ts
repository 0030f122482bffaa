import type { Override } from '../../config/override.js';

/** One value that a change sets, by its path in the config. */
export type SetValue = Pick<Override, 'path' | 'value'>;

/**
 * What sections laid over a config set in it. Maps are merged key by key, a map over a list changes the items that its
 * keys name, and everything else replaces what was there; so does a map that names another `use`, as options of one
 * package mean nothing to another, and a plan that is whole: a preset, or a list of segments.
 *
 * @example
 * layOver({ plan: { segments: [{ name: 'joint', batchSize: 32 }] } }, { plan: { segments: { joint: { batchSize: 64 } } } });
 * // [{ path: ['plan', 'segments', 'joint', 'batchSize'], value: 64 }]
 */
export function layOver(base: unknown, over: unknown, path: readonly string[] = []): SetValue[] {
  if (!isMap(over) || replaces(base, over, path)) return [{ path, value: over }];
  return Object.entries(over).flatMap(([key, value]) => layOver(valueAt(base, key), value, [...path, key]));
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function replaces(base: unknown, over: Record<string, unknown>, path: readonly string[]): boolean {
  if (path.length === 0) return false;
  if (!isMap(base)) return !Array.isArray(base);
  if (path.length === 1 && path[0] === 'plan' && ('preset' in over || Array.isArray(over.segments)))
    return true;
  return 'use' in over && over.use !== base.use;
}

/** A value of a map, or an item of a list by its name. */
function valueAt(base: unknown, key: string): unknown {
  if (Array.isArray(base)) return base.find((item) => isMap(item) && item.name === key);
  return isMap(base) ? base[key] : undefined;
}
