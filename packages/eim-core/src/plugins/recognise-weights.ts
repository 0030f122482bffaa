import { EimError, type WeightsDescription } from '@eim/contracts';
import type { ModelPluginManifest } from '@eim/contracts/model';
import type { PluginKind } from './plugin-kind.js';

/** An entry that recognises some weights as its own. */
export interface WeightsClaim {
  readonly packageName: string;
  readonly kind: PluginKind;
  readonly entryName: string;
}

const KINDS = ['encoders', 'semanticTransforms', 'languageModels', 'objectives'] as const;

/**
 * Asks every entry of the given packages whether published weights are its own.
 * @param kinds kinds of entries to ask. Absent: all, although a file may hold an encoder and an LLM at once
 * @returns undefined where no entry recognises them
 * @throws EimError `plugin-conflict` where two entries claim them
 * @example
 * const manifests = new Map([['@eim/llm-gpt2', (await import('@eim/llm-gpt2')).default]]);
 * recogniseWeights(weights, manifests)?.packageName; // '@eim/llm-gpt2'
 */
export function recogniseWeights(
  weights: WeightsDescription,
  manifests: ReadonlyMap<string, ModelPluginManifest>,
  kinds: readonly (typeof KINDS)[number][] = KINDS,
): WeightsClaim | undefined {
  const claims: WeightsClaim[] = [];
  for (const [packageName, manifest] of manifests) {
    for (const kind of kinds) {
      for (const [entryName, entry] of Object.entries(manifest[kind] ?? {})) {
        if (entry.recognise?.(weights)) claims.push({ packageName, kind, entryName });
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
