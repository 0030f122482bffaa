import { mkdir } from 'node:fs/promises';
import { WorkFolder } from '../download/work-folder.js';
import { installFolder } from '../installed/install-folder.js';
import { type Installation, type Manifest, readInstallation } from '../installed/manifest.js';

/**
 * Notes among the models that one lies in the hub's cache. Files that were fetched for it once stay its own, when a later
 * pull finds them there.
 */
export async function registerSnapshot(home: string, manifest: Manifest): Promise<Installation> {
  const earlier = readInstallation(home)?.manifest;
  const owned = manifest.owned || (earlier?.version === manifest.version && earlier.owned);
  const work = await WorkFolder.claim(home);
  try {
    await mkdir(work.built, { recursive: true });
    return await installFolder(work.built, { ...manifest, owned }, work);
  } catch (error) {
    await work.release();
    throw error;
  }
}
