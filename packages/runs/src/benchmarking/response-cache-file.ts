import { join } from 'node:path';
import { cacheFolder } from '@eim/engine/node';

/** The file that keeps the answers of one model between evaluations. */
export function responseCacheFile(
  environment: Readonly<Record<string, string | undefined>>,
  fingerprint: string,
): string {
  return join(cacheFolder(environment), 'responses', `${fingerprint}.jsonl`);
}
