import { EimError } from '@eim/contracts';
import { checkManifest } from './check-manifest.js';
import { findEntry } from './find-entry.js';
import { parseUse } from './parse-use.js';
import type { EntryOf, PluginKind } from './plugin-kind.js';

/** The result of a search for a package. */
export type PluginSearch =
  | { readonly found: true; readonly manifest: unknown; readonly from: string }
  | { readonly found: false; readonly lookedIn: readonly string[] };

/** Finds an installed package by name and imports its default export. */
export type PluginLoader = (packageName: string) => Promise<PluginSearch>;

/** An entry, and where it was found. */
export interface ResolvedPlugin<Kind extends PluginKind> {
  readonly entry: EntryOf<Kind>;
  readonly packageName: string;
  readonly entryName: string;
  /** Folder or list that the package was found in. */
  readonly from: string;
}

/**
 * The default export of the package that a `use` names, unchecked.
 * @throws EimError `plugin-not-found` listing where it looked and what to install
 */
export async function loadManifest(use: string, load: PluginLoader): Promise<unknown> {
  return (await findPackage(use, load)).manifest;
}

async function findPackage(use: string, load: PluginLoader) {
  const { packageName } = parseUse(use);
  const search = await load(packageName);
  if (search.found) return search;
  throw new EimError({
    code: 'plugin-not-found',
    message: `The package '${packageName}' is not installed; looked in ${search.lookedIn.join(', ')}.`,
    advice: `Run \`npm install ${packageName}\` in the folder of the config.`,
    data: { use, packageName, lookedIn: search.lookedIn },
  });
}

/**
 * Finds the entry that a `use` names. If it names none of several entries, the preset decides.
 * @throws EimError `plugin-not-found` listing where it looked and what to install; `contract-mismatch`
 * @example
 * const { entry } = await resolvePlugin('@eim/st-adapters/linear', 'semanticTransforms', loadPlugin);
 */
export async function resolvePlugin<Kind extends PluginKind>(
  use: string,
  kind: Kind,
  load: PluginLoader,
  preset?: string,
): Promise<ResolvedPlugin<Kind>> {
  const parsed = parseUse(use);
  const { packageName } = parsed;
  const { manifest, from } = await findPackage(use, load);
  const { name, entry } = findEntry(checkManifest(manifest, packageName), kind, parsed, preset);
  return { entry, packageName, entryName: name, from };
}

/**
 * A loader over manifests in memory: for programs that import their plug-ins themselves, and for tests.
 * @example
 * const loadPlugin = loadFromList({ '@acme/my-encoder': manifest });
 */
export function loadFromList(manifests: Readonly<Record<string, unknown>>): PluginLoader {
  return async (packageName) =>
    Object.hasOwn(manifests, packageName)
      ? { found: true, manifest: manifests[packageName], from: 'the list given' }
      : { found: false, lookedIn: ['the list given'] };
}
