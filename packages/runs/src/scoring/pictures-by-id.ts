import { join } from 'node:path';
import { type NamedJson, readPictureNames } from '@eim/benchmarks';
import { EimError } from '@eim/contracts';
import { listFiles } from '../data/list-files.js';
import { pictureFinder } from './picture-finder.js';

/** COCO's file names end in the image id, in twelve digits or more: `COCO_val2014_000000000042.jpg`. */
const COCO_NAME = /(?:^|_)0*(\d+)$/;

/**
 * The pictures of a folder by image id: by the names that the references give, by files called like the id, or as
 * COCO's own files are called.
 * @throws (by the function) EimError `missing-file` for a picture that does not exist, or exists more than once
 */
export async function picturesById(folder: string, references: NamedJson): Promise<(id: string) => string> {
  const paths = await listFiles(folder);
  const names = readPictureNames(references);
  const find = pictureFinder(paths);
  const byNumber = new Map<string, string[]>();
  for (const path of paths) {
    const number = COCO_NAME.exec(path.slice(path.lastIndexOf('/') + 1).replace(/\.[^.]*$/, ''))?.[1];
    if (number !== undefined) byNumber.set(number, [...(byNumber.get(number) ?? []), path]);
  }
  return (id) => {
    const named = names.get(id)?.image;
    const numbered = byNumber.get(id);
    const path =
      (named === undefined ? undefined : find(named)) ??
      find(id) ??
      (numbered?.length === 1 ? numbered[0] : undefined);
    if (path !== undefined) return join(folder, path);
    throw new EimError({
      code: 'missing-file',
      message: `${folder} has no picture of ${id}${named === undefined ? '' : ` (${named})`}.`,
      advice: 'Give the folder of the pictures that the captions are of; a picture is called by its id.',
      data: { id, folder },
    });
  };
}
