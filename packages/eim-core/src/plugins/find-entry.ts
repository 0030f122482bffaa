import { EimError } from '@eim/contracts';
import type { ModelPluginManifest } from '@eim/contracts/model';
import type { Use } from './parse-use.js';
import { type EntryOf, KIND_WORDS, type PluginKind } from './plugin-kind.js';

/**
 * Finds the entry of a kind that a `use` names. Without a name it is the only entry, or the only one with the preset.
 * @throws EimError `plugin-not-found` listing what the package has
 * @example
 * const { entry } = findEntry(manifest, 'encoders', parseUse('@acme/my-encoder/small'));
 */
export function findEntry<Kind extends PluginKind>(
  manifest: ModelPluginManifest,
  kind: Kind,
  { packageName, entryName }: Use,
  preset?: string,
): { readonly name: string; readonly entry: EntryOf<Kind> } {
  const entries = (manifest[kind] ?? {}) as Readonly<Record<string, EntryOf<Kind>>>;
  const names = Object.keys(entries);
  const fitting = names.filter(
    (one) => names.length === 1 || (preset !== undefined && Object.hasOwn(presetsOf(entries[one]!), preset)),
  );
  const name = entryName ?? (fitting.length === 1 ? fitting[0] : undefined);
  if (name !== undefined && Object.hasOwn(entries, name)) return { name, entry: entries[name]! };

  const word = KIND_WORDS[kind];
  const has = names.length === 0 ? 'none' : names.map((known) => `'${packageName}/${known}'`).join(', ');
  const asked = entryName === undefined ? `more than one ${word}` : `no ${word} '${entryName}'`;
  throw new EimError({
    code: 'plugin-not-found',
    message: `The package '${packageName}' has ${names.length === 0 ? `no ${word}` : asked}.`,
    advice: names.length === 0 ? 'Use another package.' : `Use one of ${has}.`,
    data: { packageName, kind, entryName, names },
  });
}

/** Benchmarks have none. */
const presetsOf = (entry: object): object => (entry as { presets?: object }).presets ?? {};
