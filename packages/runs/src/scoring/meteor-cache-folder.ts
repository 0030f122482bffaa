import { join } from 'node:path';
import { cacheFolder } from '@eim/engine/node';

/** The folder that keeps METEOR's table of paraphrases. */
export function meteorCacheFolder(environment: Readonly<Record<string, string | undefined>>): string {
  return join(cacheFolder(environment), 'meteor');
}
