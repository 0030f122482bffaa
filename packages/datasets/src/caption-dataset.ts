import type { CaptionDataset, CaptionedPicture, SplitName } from '@eim/contracts';
import { EimError } from '@eim/contracts';

/** A data set from pictures already sorted into splits. */
export function captionDataset(
  name: string,
  splits: ReadonlyMap<SplitName, readonly CaptionedPicture[]>,
  notes: readonly string[] = [],
): CaptionDataset {
  return {
    name,
    splits: [...splits.keys()],
    notes,
    split: (split) => {
      const pictures = splits.get(split);
      if (pictures) return pictures;
      throw new EimError({
        code: 'invalid-argument',
        message: `The data set ${name} has no split "${split}".`,
        advice: `It has: ${[...splits.keys()].join(', ')}.`,
        data: { name, split },
      });
    },
  };
}
