import { join } from 'node:path';
import { createFeatureFolder } from '@eim/core/node';
import type { FeatureStore } from '@eim/core/training';
import { cacheFolder } from '@eim/engine/node';
import type { Config } from '../config/read-config.js';

/**
 * The folder that keeps outputs of frozen encoders between runs. The keys of entries contain everything that these depend
 * on, so runs share them; the folder may be deleted at any time.
 */
export function featureCacheFolder(environment: Readonly<Record<string, string | undefined>>): string {
  return join(cacheFolder(environment), 'features');
}

/** What `trainPlan` is told about its feature cache, by what a config says of it. @param folder on disk */
export function featureStore(
  kept: Config['training']['featureCache'],
  folder: string,
): FeatureStore | 'off' | undefined {
  if (kept === 'disk') return createFeatureFolder(folder);
  return kept === 'off' ? 'off' : undefined;
}
