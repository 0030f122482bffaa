import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { SplitName } from '@eim/contracts';
import { parseCaptions } from '../captions/parse-captions.js';
import { splitName } from '../records/assign-splits.js';
import { FaultList } from '../records/fault-list.js';
import { pictureFileName } from '../records/picture-file-name.js';
import { CAPTION_FILES } from './caption-files.js';
import { findDataFile } from './find-data-file.js';

/**
 * The split of every picture of a caption file by the picture's file name, without its folders. No picture is read.
 * @param path a caption file, or a folder that holds one
 * @throws EimError `invalid-data` where two pictures of one file name are in different splits
 * @example
 * const splits = await readPictureSplits('captions/rsicd-2400');
 * console.log(splits.get('00015.jpg')); // 'train'
 */
export async function readPictureSplits(path: string): Promise<ReadonlyMap<string, SplitName>> {
  const file = await findDataFile(resolve(path), CAPTION_FILES);
  const faults = new FaultList(file);
  const splits = new Map<string, SplitName>();
  for (const { picture, split, entry } of parseCaptions(await readFile(file), file).records) {
    if (picture === undefined) continue;
    const name = pictureFileName(picture);
    const own = splitName(split);
    const known = splits.get(name);
    if (known !== undefined && known !== own)
      faults.add(entry, `puts ${name} into ${own}, an earlier picture of that name is in ${known}`);
    splits.set(name, own);
  }
  faults.throwIfAny();
  return splits;
}
