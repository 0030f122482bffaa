import { dirname, join } from 'node:path';
import { featureCacheFolder } from '../training/feature-cache-folder.js';

/** The file that keeps the answers of one model between evaluations, in the folder of the feature cache. */
export function responseCacheFile(
  environment: Readonly<Record<string, string | undefined>>,
  fingerprint: string,
): string {
  return join(dirname(featureCacheFolder(environment)), 'responses', `${fingerprint}.jsonl`);
}
