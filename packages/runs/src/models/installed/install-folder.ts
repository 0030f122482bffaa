import { existsSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { storageError, syncFolder, writeFileAtomically } from '@eim/weights/node';
import type { WorkFolder } from '../download/work-folder.js';
import {
  type Installation,
  installationOf,
  type Manifest,
  manifestFile,
  readInstallation,
} from './manifest.js';

/** How often an earlier version that comes back is put aside. */
const ATTEMPTS = 5;

/**
 * Makes a finished folder the model's own, in one rename: at any moment the model is there as a whole, or not at all.
 * @param built a folder inside the work folder, whose files are on disk already
 */
export async function installFolder(
  built: string,
  manifest: Manifest,
  work: WorkFolder,
): Promise<Installation> {
  const home = work.target;
  try {
    await writeFileAtomically(manifestFile(built), `${JSON.stringify(manifest, undefined, 2)}\n`);
    for (let attempt = 0; !(await moved(built, home)); attempt++) {
      const there = readInstallation(home);
      // Another process was faster; whoever uses its files by now is left alone.
      if (there && isSame(there, manifest)) break;
      if (attempt === ATTEMPTS) throw new Error('others change it at the same time');
      await rename(home, join(work.path, `replaced-${attempt}`)).catch(() => {});
    }
    await syncFolder(dirname(home));
  } catch (cause) {
    throw storageError(home, 'Nothing was installed.', cause);
  }
  await work.remove();
  return installationOf(home, manifest);
}

/** @returns false where something is there already */
async function moved(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    if (existsSync(to)) return false;
    throw error;
  }
}

function isSame({ manifest, fault }: Installation, other: Manifest): boolean {
  const named = ({ version, files }: Manifest) =>
    JSON.stringify([version, files.map(({ path, sha256 }) => [path, sha256]).sort()]);
  return fault === undefined && named(manifest) === named(other);
}
