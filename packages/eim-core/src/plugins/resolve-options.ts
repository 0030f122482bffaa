import type { OptionsSchema } from '@eim/contracts';
import { configError, describeIssues } from '../plan/config-issues.js';

/** An entry as a config names it. */
export interface UseConfig {
  readonly use: string;
  readonly preset?: string | undefined;
  readonly options?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * The preset's options with the config's own laid over them, checked by the entry's schema.
 * @param at path of the entry in the config, as `encoder`
 * @throws EimError `invalid-config` with all mistakes in `data.issues`
 */
export function resolveOptions<Options>(
  entry: {
    readonly presets: Readonly<Record<string, Partial<Options>>>;
    readonly optionsSchema: OptionsSchema<Options>;
  },
  { use, preset, options = {} }: UseConfig,
  at = '',
): Options {
  const path = (step: string) => (at === '' ? step : `${at}.${step}`);
  if (preset !== undefined && !Object.hasOwn(entry.presets, preset)) {
    const known = Object.keys(entry.presets).join(', ') || 'none';
    const message = `'${use}' has no preset '${preset}'; it has ${known}`;
    throw configError(`the options of '${use}'`, [{ path: path('preset'), message }]);
  }
  const base = preset === undefined ? {} : entry.presets[preset];
  const result = entry.optionsSchema.safeParse({ ...base, ...options });
  if (result.success) return result.data;
  throw configError(`the options of '${use}'`, describeIssues(result.error.issues, path('options')));
}
