import type { ModelPluginManifest } from '@eim/contracts/model';
import type { PluginPackages } from '../context.js';

/** The manifests of plug-in packages, by name. */
export async function packageManifests(
  packages: PluginPackages,
): Promise<ReadonlyMap<string, ModelPluginManifest>> {
  const manifests = new Map<string, ModelPluginManifest>();
  for (const [name, load] of Object.entries(packages)) {
    manifests.set(name, (await load()).default as ModelPluginManifest);
  }
  return manifests;
}
