import type { ModelPluginManifest } from '@eim/contracts/model';
import { BUILT_IN_PACKAGES } from '../built-ins.js';

/** The manifests of the packages that come with the command, by name. */
export async function builtInManifests(): Promise<ReadonlyMap<string, ModelPluginManifest>> {
  const manifests = new Map<string, ModelPluginManifest>();
  for (const [name, load] of Object.entries(BUILT_IN_PACKAGES)) {
    manifests.set(name, (await load()).default as ModelPluginManifest);
  }
  return manifests;
}
