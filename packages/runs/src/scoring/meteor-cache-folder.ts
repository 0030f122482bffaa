import { dirname, join } from 'node:path';
import { featureCacheFolder } from '../training/feature-cache-folder.js';

/** Where METEOR's table of paraphrases is kept, beside the cache of features. */
export function meteorCacheFolder(environment: Readonly<Record<string, string | undefined>>): string {
  return join(dirname(featureCacheFolder(environment)), 'meteor');
}
