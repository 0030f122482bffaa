import { type DatasetEntry, EimError } from '@eim/contracts';
import { type PluginLoader, resolveOptions, resolvePlugin } from '@eim/core';
import type { OneDataConfig } from '../config/data-schema.js';
import type { PluginPackages } from '../context.js';
import { packageManifests } from '../model/package-manifests.js';

/** Where data sets are looked for. */
export interface DatasetSources {
  readonly loadPlugin: PluginLoader;
  readonly packages: PluginPackages;
}

/** A data set that a config names, with the entry of its package. */
export interface ResolvedDataset {
  readonly entry: DatasetEntry<unknown>;
  /** Package and entry, or the short name that the config gives. */
  readonly use: string;
}

/** Names that a config may write without a package, with the packages that offer them. */
async function shortNames(packages: PluginPackages): Promise<Map<string, string>> {
  const names = new Map<string, string>();
  for (const [packageName, manifest] of await packageManifests(packages)) {
    for (const name of Object.keys(manifest.datasets ?? {})) names.set(name, `${packageName}/${name}`);
  }
  return names;
}

/**
 * Finds the data set of a `use`: a short name that one of the packages offers, or a package with an entry.
 * @throws EimError `plugin-not-found` listing the short names that there are
 */
export async function resolveDataset(
  { use }: Pick<OneDataConfig, 'use'>,
  { loadPlugin, packages }: DatasetSources,
): Promise<ResolvedDataset> {
  const names = await shortNames(packages);
  const named = names.get(use);
  if (!named && !use.includes('/')) {
    throw new EimError({
      code: 'plugin-not-found',
      message: `There is no data set '${use}'.`,
      advice: `Known are ${[...names.keys(), 'mixture'].join(', ')}, and @scope/package/entry of a package that is installed.`,
      data: { use, known: [...names.keys()] },
    });
  }
  const { entry } = await resolvePlugin(named ?? use, 'datasets', loadPlugin);
  return { entry: entry as DatasetEntry<unknown>, use };
}

/** Options as a config writes them: beside `use`, or under `options`. */
export function writtenOptions({
  use: _,
  preset: __,
  options,
  weight: ___,
  ...beside
}: OneDataConfig): Readonly<Record<string, unknown>> {
  return { ...beside, ...options };
}

/**
 * All options of a data set, checked by its own schema.
 * @throws EimError `invalid-config` with every mistake in `data.issues`, as `options.path`
 */
export function datasetOptions(entry: DatasetEntry<unknown>, data: OneDataConfig): unknown {
  return resolveOptions<unknown>(entry, {
    use: data.use,
    preset: data.preset,
    options: writtenOptions(data),
  });
}
