import type { SplitName } from '@eim/contracts';
import { EimError } from '@eim/contracts';
import type { RowRecord } from './row-record.js';

const SYNONYMS: ReadonlyMap<string, SplitName> = new Map([
  ['training', 'train'],
  ['validation', 'val'],
  ['valid', 'val'],
  ['dev', 'val'],
  ['testing', 'test'],
]);

export interface SplitRules {
  /** The split that Karpathy's `restval` belongs to. @default 'train' */
  readonly restval?: 'train' | 'leave-out';
  /** Whether a file without rows for training is refused. @default true */
  readonly needsTrain?: boolean;
}

export interface SplitAssignment {
  readonly splits: ReadonlyMap<SplitName, readonly RowRecord[]>;
  readonly notes: readonly string[];
}

/**
 * Sorts records into splits. Karpathy's `restval`, the part of COCO's validation pictures that papers train on,
 * counts as `train` unless told otherwise; so does `trainval` in a file without `train`; a file that names no
 * splits is all `train`.
 * @throws EimError `invalid-data` where only some rows have a split, or none is for training and `needsTrain`
 */
export function assignSplits(
  records: readonly RowRecord[],
  file: string,
  { restval = 'train', needsTrain = true }: SplitRules = {},
): SplitAssignment {
  const notes: string[] = [];
  const without = records.filter(({ split }) => split === undefined);
  if (without.length > 0 && without.length < records.length) {
    throw new EimError({
      code: 'invalid-data',
      message: `${file}: ${without.length} of ${records.length} rows have no split, the first at ${without[0]!.entry}.`,
      advice: 'Give every row a split, or none.',
      data: { file, entries: without.map(({ entry }) => entry) },
    });
  }
  if (without.length > 0) notes.push('the file names no splits: every row is for training');
  const splits = new Map<SplitName, RowRecord[]>();
  const hasTrain = records.some(({ split }) => splitName(split) === 'train');
  const counts = { restval: 0, trainval: 0 };
  for (const record of records) {
    let name = splitName(record.split);
    if (name === 'restval') {
      counts.restval++;
      if (restval === 'leave-out') continue;
      name = 'train';
    } else if (name === 'trainval' && !hasTrain) {
      counts.trainval++;
      name = 'train';
    }
    const rows = splits.get(name);
    if (rows) rows.push(record);
    else splits.set(name, [record]);
  }
  const fate = restval === 'train' ? 'count as train' : 'left out';
  if (counts.restval > 0) notes.push(`${counts.restval} rows of restval ${fate}`);
  if (counts.trainval > 0) notes.push(`${counts.trainval} rows of trainval count as train`);
  if (needsTrain && !splits.has('train')) {
    throw new EimError({
      code: 'invalid-data',
      message: `${file} has no row in the split "train".`,
      advice: `Its splits are: ${[...splits.keys()].join(', ') || 'none'}.`,
      data: { file, splits: [...splits.keys()] },
    });
  }
  return { splits, notes };
}

/** A split by its usual name: `dev` and `validation` are `val`; no name is `train`. */
export function splitName(split: string | undefined): SplitName {
  const name = split?.trim().toLowerCase() ?? 'train';
  return SYNONYMS.get(name) ?? name;
}
