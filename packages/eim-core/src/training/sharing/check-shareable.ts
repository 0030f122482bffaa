import { EimError } from '@eim/contracts';
import type { Objective } from '@eim/contracts/model';
import type { Segment } from '../../plan/segment-schema.js';
import type { SplitData } from '../data/split-data.js';
import type { TrainingGroup } from './training-group.js';

/** @throws EimError `invalid-config` where several processes cannot share a segment's steps and end as one would */
export function checkShareable(
  { size }: TrainingGroup,
  { name, batchSize, data, objective: { auxiliary } }: Segment,
  objective: Objective,
  split: Pick<SplitData, 'images' | 'pictures'>,
): void {
  const reasons: readonly (readonly [boolean, string, string])[] = [
    [
      batchSize < size,
      `its batches of ${batchSize} rows do not give each a row (batchSize)`,
      'Take larger batches, or fewer processes.',
    ],
    [
      objective.comparison !== undefined,
      `its objective '${objective.name}' compares the rows of a batch with each other`,
      'Train that segment in one process.',
    ],
    [
      objective.preparation !== undefined && !objective.preparation.byRow,
      `its objective '${objective.name}' prepares each batch as a whole`,
      'Train that segment in one process.',
    ],
    [
      auxiliary !== undefined,
      'it has auxiliary losses, which are means over other things than the main one (objective.auxiliary)',
      'Leave them out, or train that segment in one process.',
    ],
    [
      data.keepPatches !== undefined,
      'it shows some of the patches of each picture (data.keepPatches)',
      'Leave keepPatches out, or train that segment in one process.',
    ],
    [
      data.augment.length > 0 &&
        data.cachedViews === undefined &&
        split.images !== undefined &&
        !split.pictures.oneEach,
      'it augments pictures that rows share or lack (data.augment)',
      'Leave augment out, cache views, or train that segment in one process.',
    ],
  ];
  const found = reasons.find(([applies]) => applies);
  if (!found) return;
  const [, why, advice] = found;
  throw new EimError({
    code: 'invalid-config',
    message: `Segment '${name}' cannot be trained by ${size} processes: ${why}.`,
    advice,
    data: { segment: name, size },
  });
}
