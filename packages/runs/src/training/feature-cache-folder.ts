import { join } from 'node:path';
import { cacheFolder } from '@eim/engine/node';

/**
 * The folder that keeps outputs of frozen encoders between runs. The keys of entries contain everything that these depend
 * on, so runs share them; the folder may be deleted at any time.
 */
export function featureCacheFolder(environment: Readonly<Record<string, string | undefined>>): string {
  return join(cacheFolder(environment), 'features');
}
