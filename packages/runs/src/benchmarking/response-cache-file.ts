import { dirname, join } from 'node:path';
import { featureCacheFolder } from '../training/feature-cache-folder.js';

/** Where the answers of one model are kept between evaluations, beside the cache of features. */
export function responseCacheFile(
  environment: Readonly<Record<string, string | undefined>>,
  fingerprint: string,
): string {
  return join(dirname(featureCacheFolder(environment)), 'responses', `${fingerprint}.jsonl`);
}
