import { EimError } from '@eim/contracts';
import {
  type ConfigIssue,
  type PluginKind,
  type PluginLoader,
  resolveOptions,
  resolvePlugin,
} from '@eim/core';
import { type ConfigMistake, configMistakesError, schemaMistakes } from '../config/config-issues.js';
import type { ConfigPath } from '../config/config-source.js';
import { absolutePaths, type Config, type ReadConfig } from '../config/read-config.js';
import type { CompleteContext } from '../context.js';
import { completeData } from '../data/complete-data.js';

const KINDS = {
  encoder: 'encoders',
  st: 'semanticTransforms',
  llm: 'languageModels',
} as const satisfies Record<string, PluginKind>;

/**
 * A config with the options of its data filled in. Presets and options of all parts, of the data and of the objectives that
 * packages bring are checked against the packages' own schemas.
 * @throws EimError `invalid-config` with every mistake at once, each with its place in the file
 */
export async function completeConfig(
  { config, source }: ReadConfig,
  loadPlugin: PluginLoader,
  context: CompleteContext,
): Promise<Config> {
  const mistakes: ConfigMistake[] = [];
  for (const { used, kind, at } of packageParts(config)) {
    try {
      const { entry } = await resolvePlugin(used.use, kind, loadPlugin, presetOf(used));
      // Options of a part with weights override what the weights describe; they are checked once the weights are open.
      if ('weights' in used && used.weights !== undefined) continue;
      try {
        resolveOptions<unknown>(entry, used);
      } catch (error) {
        mistakes.push(...mistakesOf(error, entry.optionsSchema, at));
      }
    } catch (error) {
      if (!EimError.isInstance(error) || !['plugin-not-found', 'invalid-config'].includes(error.code))
        throw error;
      // If a package has several entries, the weights decide which.
      if (
        'weights' in used &&
        used.weights !== undefined &&
        error.data.entryName === undefined &&
        error.data.names
      )
        continue;
      mistakes.push({ path: [...at, 'use'], message: error.message });
    }
  }
  const sources = { loadPlugin, packages: context.packages };
  const { data, mistakes: ofData } = await completeData(config.data, absolutePaths(source, context), sources);
  mistakes.push(...ofData);
  if (mistakes.length > 0) throw configMistakesError(source, mistakes);
  return { ...config, data };
}

/** Everything that a config takes from packages. Objectives without a slash are built into core. */
function packageParts({ model, plan, loggers }: Config) {
  const parts = (['encoder', 'st', 'llm'] as const).map((part) => {
    return { used: model[part], kind: KINDS[part], at: ['model', part] };
  });
  const objectives = plan.segments
    .filter(({ objective }) => objective.use.includes('/'))
    .map(({ name, objective }) => {
      return { used: objective, kind: 'objectives' as const, at: ['plan', 'segments', name, 'objective'] };
    });
  const named = loggers.map((used, index) => {
    return { used, kind: 'loggers' as const, at: ['loggers', index] };
  });
  return [...parts, ...objectives, ...named];
}

/** Objectives have none. */
const presetOf = (used: { readonly use: string; readonly preset?: string | undefined }): string | undefined =>
  used.preset;

function mistakesOf(error: unknown, schema: unknown, at: ConfigPath): ConfigMistake[] {
  if (!EimError.isInstance(error) || error.code !== 'invalid-config') throw error;
  return (error.data.issues as readonly ConfigIssue[]).flatMap(({ path, message }) => {
    const steps = path.split('.');
    if (steps[0] !== 'options') return [{ path: [...at, ...steps], message }];
    return schemaMistakes(schema, [{ path: steps.slice(1), message }], [...at, 'options']);
  });
}
