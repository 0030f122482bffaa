import type { ConfigIssue } from '../config-issues.js';
import type { PresetOptions } from './preset-options.js';

/**
 * Divides the steps of a preset among its segments. Each gets at least one, and the last one gets the rest.
 * @param defaults shares of all segments but the last, which the options may change
 */
export function stepsByShare(
  { steps, ...options }: Pick<PresetOptions, 'steps' | 'shares'>,
  defaults: Readonly<Record<string, number>>,
  last: string,
): ReadonlyMap<string, number> | { readonly issue: ConfigIssue } {
  if (steps === undefined) {
    return { issue: { path: 'steps', message: 'is needed: the steps of all segments together' } };
  }
  const shares: Readonly<Record<string, number | undefined>> = options.shares ?? {};
  const unknown = Object.keys(shares).find((name) => !(name in defaults));
  if (unknown !== undefined) {
    return { issue: { path: `shares.${unknown}`, message: 'this plan has no such segment' } };
  }
  const taken = new Map<string, number>();
  let left = steps;
  for (const [name, share] of Object.entries(defaults)) {
    const part = Math.max(1, Math.round(steps * (shares[name] ?? share)));
    taken.set(name, part);
    left -= part;
  }
  if (left >= 1) return taken.set(last, left);
  const message = `${steps} steps leave none for the ${last} segment after ${[...taken.keys()].join(', ')}`;
  return { issue: { path: Object.keys(shares).length > 0 ? 'shares' : 'steps', message } };
}
