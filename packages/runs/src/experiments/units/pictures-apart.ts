import { basename } from 'node:path';
import { EimError } from '@eim/contracts';
import { readPictureSplits } from '@eim/datasets/node';
import type { CaptionedRow } from '../../evaluation/captioned-rows.js';
import type { ScoreInput } from '../description/experiment-schema.js';

/**
 * The places, in a split, of the pictures that another caption file names, by file name.
 * @throws EimError `invalid-data` where none of them is in the split
 */
export async function picturesApart(
  rows: readonly CaptionedRow[],
  { picturesOf, split }: ScoreInput['apart'][string],
): Promise<number[]> {
  const splits = await readPictureSplits(picturesOf);
  const places = rows.flatMap(({ picture }, place) => {
    const name = basename(picture.source);
    return splits.has(name) && (split === undefined || splits.get(name) === split) ? [place] : [];
  });
  if (places.length > 0) return places;
  throw new EimError({
    code: 'invalid-data',
    message: `None of the pictures to be scored is ${split === undefined ? '' : `in ${split} `}of ${picturesOf}.`,
    advice: 'Pictures are told by their file names.',
    data: { picturesOf, split },
  });
}
