import { join } from 'node:path';
import { EimError, type PluginEntry } from '@eim/contracts';
import { recogniseWeights, resolveOptions, resolvePlugin } from '@eim/core';
import type { OpenedWeights } from '@eim/weights/node';
import type { CompleteContext, PluginPackages } from '../context.js';
import { packageManifests } from '../model/package-manifests.js';
import { pluginLoader } from '../model/plugin-loader.js';

/** Published weights, and who loads them. */
export interface ModelSpec {
  /** Absolute, of the weights: a folder or a file. */
  readonly path: string;
  /** The package that loads them, where it is named and not found by the weights themselves. */
  readonly use?: string;
  /** Sizes by name, for weights that do not describe themselves. */
  readonly preset?: string;
}

/** The kinds of part that load published weights. */
export type PublishedKind = 'encoders' | 'languageModels';

/** The entry that loads some weights, and the preset's options where one was named. */
export interface FoundLoader<Product> {
  readonly use: string;
  readonly load: (context: Record<string, unknown>) => Promise<Product>;
}

const WORDS: Readonly<Record<PublishedKind, string>> = { encoders: 'image encoder', languageModels: 'LLM' };

/**
 * Who loads these weights: the package that SPEC names, else the built-in one that knows them.
 * @throws EimError `invalid-file` where none knows them; `plugin-not-found`, `invalid-config`
 */
export async function findLoader<Product>(
  kind: PublishedKind,
  { use, preset, path }: ModelSpec,
  weights: OpenedWeights,
  context: CompleteContext,
): Promise<FoundLoader<Product>> {
  const named = use ?? (await recognisedBy(kind, weights, context.packages));
  const loadPlugin = pluginLoader(join(context.workingFolder, 'SPEC'), context);
  const resolved = await resolvePlugin(named, kind, loadPlugin, preset);
  const entry = resolved.entry as PluginEntry<unknown, { random: never }, Product>;
  const { load } = entry;
  if (load === undefined) {
    throw new EimError({
      code: 'invalid-argument',
      message: `'${named}' loads no published weights.`,
      advice: `It cannot read ${path}; name another package.`,
      data: { use: named },
    });
  }
  const options = preset === undefined ? undefined : resolveOptions<unknown>(entry, { use: named, preset });
  return {
    use: `${resolved.packageName}/${resolved.entryName}`,
    load: (context) => load(weights, context, options),
  };
}

async function recognisedBy(
  kind: PublishedKind,
  weights: OpenedWeights,
  packages: PluginPackages,
): Promise<string> {
  const manifests = await packageManifests(packages);
  const claim = recogniseWeights(weights, manifests, [kind]);
  if (claim) return `${claim.packageName}/${claim.entryName}`;
  const known = [...manifests.values()].flatMap((manifest) =>
    Object.entries(manifest[kind] ?? {}).flatMap(([name, entry]) =>
      entry.recognise ? [`${manifest.name}/${name}`] : [],
    ),
  );
  throw new EimError({
    code: 'invalid-file',
    message: `${weights.name} holds no ${WORDS[kind]} that a built-in package knows (${known.join(', ')}).`,
    advice: 'Look into it with `eim inspect`, or name the package: PACKAGE#PRESET with --weights.',
    data: { file: weights.name, tensors: weights.tensorNames.length },
  });
}
