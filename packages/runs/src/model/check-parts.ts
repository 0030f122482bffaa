import { EimError } from '@eim/contracts';
import {
  type ConfigIssue,
  type PluginKind,
  type PluginLoader,
  resolveOptions,
  resolvePlugin,
} from '@eim/core';
import { type ConfigMistake, configMistakesError, schemaMistakes } from '../config/config-issues.js';
import type { ConfigSource } from '../config/config-source.js';
import type { Config } from '../config/read-config.js';

const KINDS = {
  encoder: 'encoders',
  st: 'semanticTransforms',
  llm: 'languageModels',
} as const satisfies Record<string, PluginKind>;

/**
 * Checks presets and options of all parts, and of the objectives that packages bring, against the packages' own
 * schemas.
 * @throws EimError `invalid-config` with every mistake at once, each with its place in the file
 */
export async function checkParts(
  config: Config,
  source: ConfigSource,
  loadPlugin: PluginLoader,
): Promise<void> {
  const mistakes: ConfigMistake[] = [];
  for (const { used, kind, at } of packageParts(config)) {
    try {
      const { entry } = await resolvePlugin(used.use, kind, loadPlugin, presetOf(used));
      try {
        resolveOptions<unknown>(entry, used);
      } catch (error) {
        mistakes.push(...mistakesOf(error, entry.optionsSchema, at));
      }
    } catch (error) {
      if (!EimError.isInstance(error) || !['plugin-not-found', 'invalid-config'].includes(error.code))
        throw error;
      mistakes.push({ path: [...at, 'use'], message: error.message });
    }
  }
  if (mistakes.length > 0) throw configMistakesError(source, mistakes);
}

/** What a config takes from packages; objectives without a slash are the core's own. */
function packageParts({ model, plan }: Config) {
  const parts = (['encoder', 'st', 'llm'] as const).map((part) => {
    return { used: model[part], kind: KINDS[part], at: ['model', part] };
  });
  const objectives = plan.segments
    .filter(({ objective }) => objective.use.includes('/'))
    .map(({ name, objective }) => {
      return { used: objective, kind: 'objectives' as const, at: ['plan', 'segments', name, 'objective'] };
    });
  return [...parts, ...objectives];
}

/** Objectives have none. */
const presetOf = (used: { readonly use: string; readonly preset?: string | undefined }): string | undefined =>
  used.preset;

function mistakesOf(error: unknown, schema: unknown, at: readonly string[]): ConfigMistake[] {
  if (!EimError.isInstance(error) || error.code !== 'invalid-config') throw error;
  return (error.data.issues as readonly ConfigIssue[]).flatMap(({ path, message }) => {
    const steps = path.split('.');
    if (steps[0] !== 'options') return [{ path: [...at, ...steps], message }];
    return schemaMistakes(schema, [{ path: steps.slice(1), message }], [...at, 'options']);
  });
}
