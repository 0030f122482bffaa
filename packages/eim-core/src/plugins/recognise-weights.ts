import { EimError, type PluginManifest } from '@eim/contracts';
import type { PluginKind } from './plugin-kind.js';

/** An entry that knows some files as its published weights. */
export interface WeightsClaim {
  readonly packageName: string;
  readonly kind: PluginKind;
  readonly entryName: string;
}

const KINDS = ['encoders', 'semanticTransforms', 'languageModels', 'objectives'] as const;

/**
 * Offers a folder or file of weights to every entry of the packages given.
 * @param files names relative to the folder, or the one file
 * @returns undefined where nobody knows them
 * @throws EimError `plugin-conflict` where two entries claim them
 */
export function recogniseWeights(
  files: readonly string[],
  manifests: ReadonlyMap<string, PluginManifest>,
): WeightsClaim | undefined {
  const claims: WeightsClaim[] = [];
  for (const [packageName, manifest] of manifests) {
    for (const kind of KINDS) {
      for (const [entryName, entry] of Object.entries(manifest[kind] ?? {})) {
        if (entry.recognise?.(files)) claims.push({ packageName, kind, entryName });
      }
    }
  }
  if (claims.length <= 1) return claims[0];
  const names = claims.map(({ packageName, entryName }) => `'${packageName}/${entryName}'`);
  throw new EimError({
    code: 'plugin-conflict',
    message: `${names.join(' and ')} both claim these weights.`,
    advice: 'Say which one reads them by its name.',
    data: { claims },
  });
}
