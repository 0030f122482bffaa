import type { WeightsDescription } from '@eim/contracts';
import { recogniseWeights } from '@eim/core';
import type { PluginPackages } from '../context.js';
import { packageManifests } from '../model/package-manifests.js';

/** A part to which some weights belong. */
export interface RecognisedFamily {
  readonly part: 'encoder' | 'st' | 'llm';
  readonly package: string;
  readonly name: string;
}

const PARTS = [
  ['encoder', 'encoders'],
  ['st', 'semanticTransforms'],
  ['llm', 'languageModels'],
] as const;

/** The parts, of the packages given, that know some weights as theirs: a checkpoint of a whole model may be of several. */
export async function recogniseFamilies(
  weights: WeightsDescription,
  packages: PluginPackages,
): Promise<RecognisedFamily[]> {
  const manifests = await packageManifests(packages);
  return PARTS.flatMap(([part, kind]) => {
    const claim = recogniseWeights(weights, manifests, [kind]);
    return claim ? [{ part, package: claim.packageName, name: claim.entryName }] : [];
  });
}
