import { EimError } from '@eim/contracts';
import type { Objective } from '@eim/contracts/model';
import type { Segment } from '../../plan/segment-schema.js';
import type { RowPictures } from '../data/row-pictures.js';
import type { TrainingGroup } from './training-group.js';

/** @throws EimError `invalid-config` where several processes cannot share a segment's steps and end as one would */
export function checkShareable(
  { size }: TrainingGroup,
  { name, batchSize }: Segment,
  objective: Objective,
  pictures: RowPictures,
): void {
  const reasons: readonly (readonly [boolean, string, string])[] = [
    [
      batchSize < size,
      `its batches of ${batchSize} rows do not give each a row (batchSize)`,
      'Take larger batches, or fewer processes.',
    ],
    [
      objective.preparation !== undefined && !objective.preparation.byRow,
      `its objective '${objective.name}' prepares each batch as a whole`,
      'Train that segment in one process.',
    ],
    [
      objective.preparation?.byRow === 'pictures' && rowsSharePictures(pictures),
      `its objective '${objective.name}' counts each picture once, and rows share pictures`,
      'Train that segment in one process.',
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

const rowsSharePictures = ({ pictures, ofRow }: RowPictures): boolean =>
  ofRow.filter((picture) => picture >= 0).length > pictures.length;
