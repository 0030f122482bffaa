import { existsSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { storageError, syncFolder, writeFileAtomically } from '@eim/weights/node';
import type { WorkFolder } from '../download/work-folder.js';
import { type Installation, type Manifest, manifestFile, readInstallation } from './manifest.js';

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
  const there = readInstallation(home);
  if (there && isSame(there, manifest)) {
    // Another process was faster; whoever uses its files by now is left alone.
    await work.remove();
    return there;
  }
  try {
    await writeFileAtomically(manifestFile(built), `${JSON.stringify(manifest, undefined, 2)}\n`);
    for (let attempt = 0; ; attempt++) {
      // What stands there is an earlier version, or a damaged one.
      if (existsSync(home)) await rename(home, join(work.path, `replaced-${attempt}`)).catch(() => {});
      try {
        await rename(built, home);
        break;
      } catch (error) {
        if (attempt >= 5 || !existsSync(home)) throw error;
      }
    }
    await syncFolder(dirname(home));
  } catch (cause) {
    throw storageError(home, 'Nothing was installed.', cause);
  }
  await work.remove();
  return readInstallation(home)!;
}

function isSame({ manifest, fault }: Installation, other: Manifest): boolean {
  const named = ({ version, files }: Manifest) =>
    JSON.stringify([version, files.map(({ path, sha256 }) => [path, sha256]).sort()]);
  return fault === undefined && named(manifest) === named(other);
}
