import { isDeepStrictEqual } from 'node:util';
import { type CaptionDataset, type CaptionedPicture, EimError } from '@eim/contracts';
import type { DataConfig } from '../config/data-schema.js';
import { openDataset } from '../data/open-dataset.js';
import type { TrainedRun } from './trained-run.js';

/**
 * The data set of two runs.
 * @throws EimError `invalid-argument` where they learnt from, or held out, other pictures or captions
 */
export async function openSameData([first, second]: readonly [
  TrainedRun,
  TrainedRun,
]): Promise<CaptionDataset> {
  const [left, right] = [first.config.data, second.config.data];
  if (isDeepStrictEqual(left, right)) return openDataset(left);
  // The same pictures may lie in two places; only their bytes then tell.
  const [one, other] = [await openDataset(byContent(left)), await openDataset(byContent(right))];
  const difference = dataDifference(one, other);
  if (difference === undefined) return one;
  throw new EimError({
    code: 'invalid-argument',
    message: `${first.folder.path} and ${second.folder.path} are not over the same data: ${difference}.`,
    advice: 'Compare runs whose configs have the same data section.',
    data: { runs: [first.folder.path, second.folder.path], difference },
  });
}

function byContent(data: DataConfig): DataConfig {
  return data.use === 'captions' ? { ...data, fingerprint: 'content' } : data;
}

/** The first difference of two data sets in words, or undefined where every split is the same. */
export function dataDifference(left: CaptionDataset, right: CaptionDataset): string | undefined {
  if (!isDeepStrictEqual([...left.splits].sort(), [...right.splits].sort())) {
    return `the splits are ${left.splits.join(', ')} and ${right.splits.join(', ')}`;
  }
  for (const split of left.splits) {
    const [ours, theirs] = [left.split(split), right.split(split)];
    if (ours.length !== theirs.length) return `${split} has ${ours.length} and ${theirs.length} pictures`;
    const at = ours.findIndex((picture, i) => !samePicture(picture, theirs[i]!));
    if (at >= 0) return `picture ${at + 1} of ${split} is ${ours[at]!.source} and ${theirs[at]!.source}`;
  }
  return undefined;
}

function samePicture(left: CaptionedPicture, right: CaptionedPicture): boolean {
  return (
    left.id === right.id &&
    left.fingerprint === right.fingerprint &&
    isDeepStrictEqual(left.captions, right.captions)
  );
}
