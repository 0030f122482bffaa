import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * The folder that keeps outputs of frozen encoders between runs: `EIM_CACHE`, else the user's cache folder. The keys of
 * entries contain everything that these depend on, so runs share them; the folder may be deleted at any time.
 */
export function featureCacheFolder(environment: Readonly<Record<string, string | undefined>>): string {
  const { EIM_CACHE, XDG_CACHE_HOME } = environment;
  return join(EIM_CACHE || join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'eim'), 'features');
}
