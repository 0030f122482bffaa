import { EimError } from '@eim/contracts';
import type { ConfigIssue } from '@eim/core';
import { type ConfigMistake, schemaMistakes } from '../config/config-issues.js';
import type { ConfigPath } from '../config/config-source.js';
import { type DataConfig, isMixture, type OneDataConfig } from '../config/data-schema.js';
import { type DatasetSources, datasetOptions, resolveDataset } from './resolve-dataset.js';

/** Makes a path of the config absolute. @param at where it stands in the config */
export type MakeAbsolute = (path: string, at: ConfigPath) => string;

/**
 * A config's data with every option filled in and every path absolute, or what is wrong with it. Options that were written
 * under `options` stay there.
 */
export async function completeData(
  data: DataConfig,
  absolute: MakeAbsolute,
  sources: DatasetSources,
): Promise<{ readonly data: DataConfig; readonly mistakes: readonly ConfigMistake[] }> {
  if (!isMixture(data)) return completeOne(data, ['data'], absolute, sources);
  const mistakes: ConfigMistake[] = [];
  const parts: OneDataConfig[] = [];
  for (const [index, part] of data.of.entries()) {
    const completed = await completeOne(part, ['data', 'of', index], absolute, sources);
    mistakes.push(...completed.mistakes);
    parts.push(completed.data);
  }
  return { data: { ...data, of: parts as typeof data.of }, mistakes };
}

async function completeOne(
  data: OneDataConfig,
  at: ConfigPath,
  absolute: MakeAbsolute,
  sources: DatasetSources,
): Promise<{ readonly data: OneDataConfig; readonly mistakes: readonly ConfigMistake[] }> {
  const nested = data.options !== undefined;
  const { use, preset, weight } = data;
  try {
    const { entry } = await resolveDataset(data, sources);
    try {
      const options = datasetOptions(entry, data) as Record<string, unknown>;
      for (const name of entry.pathOptions ?? []) {
        const path = options[name];
        if (typeof path !== 'string') continue;
        options[name] = absolute(path, [...at, ...(nested ? ['options'] : []), name]);
      }
      const described = {
        use,
        ...(preset !== undefined && { preset }),
        ...(weight !== undefined && { weight }),
      };
      return { data: { ...described, ...(nested ? { options } : options) } as OneDataConfig, mistakes: [] };
    } catch (error) {
      if (!EimError.isInstance(error) || error.code !== 'invalid-config') throw error;
      const issues = error.data.issues as readonly ConfigIssue[];
      return {
        data,
        mistakes: issues.flatMap((issue) => optionMistakes(entry.optionsSchema, issue, at, nested)),
      };
    }
  } catch (error) {
    if (!EimError.isInstance(error) || error.code !== 'plugin-not-found') throw error;
    return { data, mistakes: [{ path: [...at, 'use'], message: error.message }] };
  }
}

function optionMistakes(
  schema: unknown,
  { path, message }: ConfigIssue,
  at: ConfigPath,
  nested: boolean,
): ConfigMistake[] {
  const steps = path.split('.');
  if (steps[0] !== 'options') return [{ path: [...at, ...steps], message }];
  return schemaMistakes(schema, [{ path: steps.slice(1), message }], [...at, ...(nested ? ['options'] : [])]);
}
