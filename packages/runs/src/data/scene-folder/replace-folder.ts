import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { EimError } from '@eim/contracts';
import { ABOUT_SCENES } from '@eim/datasets';
import { storageError, syncFolder } from '@eim/weights/node';

/**
 * @throws EimError `invalid-argument` where a folder may not be written: it holds something, and that is either no folder of scenes
 * or not to be overwritten
 */
export async function requireReplaceable(folder: string, overwrite: boolean): Promise<void> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException): string[] => {
    if (error.code === 'ENOENT') return [];
    throw refuse(folder, `${folder} is no folder.`, 'Name another place.');
  });
  if (names.length === 0) return;
  if (!names.includes(ABOUT_SCENES)) {
    throw refuse(
      folder,
      `${folder} is not empty, and no folder of scenes: it has no ${ABOUT_SCENES}.`,
      'Name another folder; what others made is never overwritten.',
    );
  }
  if (!overwrite)
    throw refuse(
      folder,
      `${folder} holds scenes already.`,
      'Name another folder, or overwrite it with --force.',
    );
}

/**
 * Makes a folder from what `write` puts into an empty one beside it, in one rename; one that was there is gone only afterwards. Where
 * something fails, nothing is left behind, and what was there is there.
 */
export async function replaceFolder(folder: string, write: (inside: string) => Promise<void>): Promise<void> {
  const home = dirname(folder);
  await mkdir(home, { recursive: true });
  const work = await mkdtemp(join(home, `.${basename(folder)}-`));
  const [built, earlier] = [join(work, 'built'), join(work, 'earlier')];
  try {
    await mkdir(built);
    await write(built);
    if (existsSync(folder)) await rename(folder, earlier);
    await rename(built, folder).catch(async (error) => {
      if (existsSync(earlier)) await rename(earlier, folder);
      throw storageError(folder, 'What was there is intact.', error);
    });
    await syncFolder(home);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

const refuse = (folder: string, message: string, advice: string): EimError =>
  new EimError({ code: 'invalid-argument', message, advice, data: { folder } });
