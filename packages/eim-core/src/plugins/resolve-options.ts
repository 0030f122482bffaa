import type { OptionsSchema, PluginEntry, PublishedWeights } from '@eim/contracts';
import { configError, describeIssues } from '../plan/config-issues.js';

/** An entry as a config names it. */
export interface UseConfig {
  readonly use: string;
  readonly preset?: string | undefined;
  readonly options?: Readonly<Record<string, unknown>> | undefined;
}

interface ConfigurableEntry<Options> {
  readonly presets: Readonly<Record<string, Partial<Options>>>;
  readonly optionsSchema: OptionsSchema<Options>;
}

/**
 * The preset's options with the config's own laid over them, checked by the entry's schema.
 * @param at path of the entry in the config, as `encoder`
 * @throws EimError `invalid-config` with all mistakes in `data.issues`
 */
export function resolveOptions<Options>(
  entry: ConfigurableEntry<Options>,
  config: UseConfig,
  at = '',
): Options {
  return layOver(entry, config, presetOptions(entry, config, at), at);
}

/**
 * Like {@link resolveOptions}, for an entry that starts from published weights: without a named preset, the weights' own
 * description takes its place.
 * @throws EimError `invalid-config` with all mistakes in `data.issues`; `invalid-file` from the description
 */
export async function optionsFromWeights<Options>(
  entry: ConfigurableEntry<Options> & Pick<PluginEntry<Options, never, unknown>, 'describe'>,
  config: UseConfig,
  weights: PublishedWeights,
  at = '',
): Promise<Options> {
  const base =
    config.preset === undefined
      ? ((await entry.describe?.(weights)) ?? {})
      : presetOptions(entry, config, at);
  return layOver(entry, config, base, at);
}

function presetOptions<Options>(
  { presets }: ConfigurableEntry<Options>,
  { use, preset }: UseConfig,
  at: string,
): Partial<Options> {
  if (preset === undefined) return {};
  if (Object.hasOwn(presets, preset)) return presets[preset]!;
  const known = Object.keys(presets).join(', ') || 'none';
  const message = `'${use}' has no preset '${preset}'; it has ${known}`;
  throw configError(`the options of '${use}'`, [{ path: pathUnder(at, 'preset'), message }]);
}

function layOver<Options>(
  { optionsSchema }: ConfigurableEntry<Options>,
  { use, options = {} }: UseConfig,
  base: Partial<Options>,
  at: string,
): Options {
  const result = optionsSchema.safeParse({ ...base, ...options });
  if (result.success) return result.data;
  throw configError(`the options of '${use}'`, describeIssues(result.error.issues, pathUnder(at, 'options')));
}

const pathUnder = (at: string, step: string): string => (at === '' ? step : `${at}.${step}`);
