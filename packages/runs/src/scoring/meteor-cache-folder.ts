import { dirname, join } from 'node:path';
import { featureCacheFolder } from '../training/feature-cache-folder.js';

/** The folder that keeps METEOR's table of paraphrases, beside the feature cache. */
export function meteorCacheFolder(environment: Readonly<Record<string, string | undefined>>): string {
  return join(dirname(featureCacheFolder(environment)), 'meteor');
}
