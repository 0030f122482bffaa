import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * Where engines are installed for all of a user's projects: `EIM_ENGINES`, else `engines` in `EIM_CACHE`, else in
 * the user's cache folder. A project's own `node_modules` is never written to, and `npm ci` takes nothing away.
 */
export function enginesFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const { EIM_ENGINES, EIM_CACHE, XDG_CACHE_HOME } = environment;
  if (EIM_ENGINES) return EIM_ENGINES;
  return join(EIM_CACHE || join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'eim'), 'engines');
}
