import { existsSync } from 'node:fs';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { type AbortSignalLike, EimError, type Picture } from '@eim/contracts';
import { filePicture } from '@eim/images/node';
import type { FolderSettings } from '../datasets/folder-settings.js';
import type { QuestionRow, QuestionSplits } from '../datasets/question-splits.js';
import { listSome } from '../files/json-fields.js';

/** Files read at a time while fingerprints are taken. */
const AT_ONCE = 16;
/** Tried behind a name that no file has. */
const ENDINGS = ['', '.jpg', '.jpeg', '.png', '.webp'];

/**
 * The pictures that questions show, by the names that the data give them.
 * @throws EimError `missing-file` naming the first of the questions whose picture is not there, unless they may be left
 * out
 */
export async function openQuestionPictures(
  { name, splits }: QuestionSplits,
  settings: FolderSettings,
  signal?: AbortSignalLike,
): Promise<ReadonlyMap<string, Picture>> {
  const rows = [...splits.values()].flat().filter(({ picture }) => picture !== undefined);
  const folder = resolve(settings.images ?? settings.path);
  const paths = new Map<string, string>();
  for (const { picture } of rows) {
    const path = picture && !paths.has(picture) ? findFile(folder, picture) : undefined;
    if (path !== undefined) paths.set(picture!, path);
  }
  if (settings.missingPictures === 'error') {
    const missing = rows.filter(({ picture }) => !picture || !paths.has(picture));
    if (missing.length > 0) throw refuse(name, folder, missing, rows.length);
  }
  const pictures = new Map<string, Picture>();
  if (paths.size === 0) return pictures;
  const queue = paths.entries();
  const { fingerprint, applyOrientation } = settings;
  const workers = Array.from({ length: AT_ONCE }, async () => {
    for (const [named, path] of queue) {
      signal?.throwIfAborted();
      pictures.set(named, await filePicture(path, { fingerprint, applyOrientation, name: named }));
    }
  });
  await Promise.all(workers);
  return pictures;
}

/** The file of a name below the folder, with an ending where it lacks one. */
function findFile(folder: string, named: string): string | undefined {
  const path = resolve(folder, named);
  const below = relative(folder, path);
  // Data from elsewhere must not make the reader open other files of the machine.
  if (below === '' || below.startsWith(`..${sep}`) || isAbsolute(below)) return undefined;
  return ENDINGS.map((ending) => path + ending).find((spelling) => existsSync(spelling));
}

function refuse(name: string, folder: string, missing: readonly QuestionRow[], all: number): EimError {
  const named = missing.map(({ id, picture }) => `${picture ?? 'not named'} of "${id}"`);
  return new EimError({
    code: 'missing-file',
    message: `${folder} lacks ${missing.length} of the ${all} pictures of ${name}'s questions: ${listSome(named)}.`,
    advice: 'Name their folder in `images`, or leave these questions out with `missingPictures: leave-out`.',
    data: { folder, missing: missing.length },
  });
}
