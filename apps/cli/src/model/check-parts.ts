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
 * Checks presets and options of all parts against the packages' own schemas.
 * @throws EimError `invalid-config` with every mistake at once, each with its place in the file
 */
export async function checkParts(
  config: Config,
  source: ConfigSource,
  loadPlugin: PluginLoader,
): Promise<void> {
  const mistakes: ConfigMistake[] = [];
  for (const part of ['encoder', 'st', 'llm'] as const) {
    const at = ['model', part];
    try {
      const { entry } = await resolvePlugin(config.model[part].use, KINDS[part], loadPlugin);
      try {
        resolveOptions<unknown>(entry, config.model[part]);
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

function mistakesOf(error: unknown, schema: unknown, at: readonly string[]): ConfigMistake[] {
  if (!EimError.isInstance(error) || error.code !== 'invalid-config') throw error;
  return (error.data.issues as readonly ConfigIssue[]).flatMap(({ path, message }) => {
    const steps = path.split('.');
    if (steps[0] !== 'options') return [{ path: [...at, ...steps], message }];
    return schemaMistakes(schema, [{ path: steps.slice(1), message }], [...at, 'options']);
  });
}
