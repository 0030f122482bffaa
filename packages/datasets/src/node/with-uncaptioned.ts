import { readdir, stat } from 'node:fs/promises';
import { extname, join, relative, resolve, sep } from 'node:path';
import { type Dataset, EimError, type Row, type SplitName } from '@eim/contracts';
import { createDataset } from '../create-dataset.js';
import type { FileSettings } from '../file-options.js';
import { locatePictures } from './locate-pictures.js';

/** The split of pictures of which nothing is said. */
export const UNCAPTIONED: SplitName = 'uncaptioned';

/** Endings by which pictures are known among other files; each is decoded when it is read. */
const ENDINGS = ['.jpg', '.jpeg', '.png', '.webp', '.gif', '.bmp', '.tif', '.tiff', '.avif'];

/**
 * A data set with the pictures of a folder as a further split, in the order of their names, without those that one of its splits
 * has already.
 * @throws EimError `missing-file` where there is no such folder, `invalid-data` where it holds no picture that is new or the data set
 *   has a split of that name
 */
export async function withUncaptioned(
  dataset: Dataset,
  path: string,
  settings: FileSettings,
  signal?: AbortSignal,
): Promise<Dataset> {
  const folder = resolve(path);
  if (dataset.splits.includes(UNCAPTIONED))
    throw refuse(`The data set ${dataset.name} has a split '${UNCAPTIONED}' of its own.`, folder);
  const names = await pictureNames(folder);
  if (names.length === 0)
    throw refuse(`${folder} (uncaptioned) holds no picture: ${ENDINGS.join(', ')}.`, folder);
  const records = names.map((name) => ({ id: name, picture: name, prompt: '', answers: [], entry: name }));
  const located = await locatePictures(records, folder, folder, settings, signal);
  const known = new Set(
    dataset.splits.flatMap((split) => dataset.split(split).map(({ picture }) => picture?.fingerprint)),
  );
  const rows: Row[] = [];
  for (const name of names) {
    const picture = located.get(name)!;
    if (known.has(picture.fingerprint)) continue;
    known.add(picture.fingerprint);
    rows.push({ id: name, picture, prompt: '', answers: [] });
  }
  if (rows.length === 0)
    throw refuse(`All pictures of ${folder} (uncaptioned) are in splits with captions already.`, folder);
  const kept = settings.limit === undefined ? rows : rows.slice(0, settings.limit);
  const again = names.length - rows.length;
  const notes = again > 0 ? [`${again} pictures of ${folder} left out, which the data set has already`] : [];
  const splits = dataset.splits.map((split) => [split, dataset.split(split)] as const);
  const whole = createDataset(dataset.name, new Map([...splits, [UNCAPTIONED, kept]]), [
    ...dataset.notes,
    ...notes,
  ]);
  return { ...whole, unanswered: [UNCAPTIONED] };
}

/** Names of pictures from the folder on, with `/`, in their order. */
async function pictureNames(folder: string): Promise<string[]> {
  const found = await stat(folder).catch(() => undefined);
  if (!found?.isDirectory()) {
    throw new EimError({
      code: 'missing-file',
      message: `The folder of pictures without captions ${folder} (uncaptioned) does not exist.`,
      data: { folder },
    });
  }
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && ENDINGS.includes(extname(entry.name).toLowerCase()))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort((a, b) => (a < b ? -1 : 1));
}

const refuse = (message: string, folder: string): EimError =>
  new EimError({
    code: 'invalid-data',
    message,
    advice: 'Name a folder of other pictures in `uncaptioned`, or leave it out.',
    data: { folder },
  });
