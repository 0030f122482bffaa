import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * The folder for all that EIM keeps on a machine between its runs, for all of a user's projects: `EIM_CACHE`, else `eim`
 * in the user's cache folder.
 * @example
 * cacheFolder({ EIM_CACHE: '/scratch/eim' }); // '/scratch/eim'
 */
export function cacheFolder(environment: Readonly<Record<string, string | undefined>>): string {
  const { EIM_CACHE, XDG_CACHE_HOME } = environment;
  return EIM_CACHE || join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'eim');
}
