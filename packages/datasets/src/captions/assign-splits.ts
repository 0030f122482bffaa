import type { SplitName } from '@eim/contracts';
import { EimError } from '@eim/contracts';
import type { CaptionRecord } from './caption-record.js';

const SYNONYMS: Readonly<Record<string, SplitName>> = {
  training: 'train',
  validation: 'val',
  valid: 'val',
  dev: 'val',
  testing: 'test',
};

export interface SplitAssignment {
  readonly splits: ReadonlyMap<SplitName, readonly CaptionRecord[]>;
  readonly notes: readonly string[];
}

/**
 * Sorts records into splits. Karpathy's `restval`, the part of COCO's validation pictures that papers train on,
 * counts as `train` unless told otherwise; `trainval` does where there is no `train`; a file that names no
 * splits is all `train`.
 * @throws EimError `invalid-data` where only some pictures have a split, or none is for training
 */
export function assignSplits(
  records: readonly CaptionRecord[],
  file: string,
  restval: 'train' | 'leave-out' = 'train',
): SplitAssignment {
  const notes: string[] = [];
  const without = records.filter(({ split }) => split === undefined);
  if (without.length > 0 && without.length < records.length) {
    throw new EimError({
      code: 'invalid-data',
      message: `${file}: ${without.length} of ${records.length} pictures have no split, the first at ${without[0]!.entry}.`,
      advice: 'Give every picture a split, or none.',
      data: { file, entries: without.map(({ entry }) => entry) },
    });
  }
  if (without.length > 0) notes.push('the file names no splits: every picture is for training');
  const splits = new Map<SplitName, CaptionRecord[]>();
  const hasTrain = records.some(({ split }) => nameOf(split) === 'train');
  const counts = { restval: 0, trainval: 0 };
  for (const record of records) {
    let name = nameOf(record.split);
    if (name === 'restval') {
      counts.restval++;
      if (restval === 'leave-out') continue;
      name = 'train';
    } else if (name === 'trainval' && !hasTrain) {
      counts.trainval++;
      name = 'train';
    }
    const pictures = splits.get(name);
    if (pictures) pictures.push(record);
    else splits.set(name, [record]);
  }
  const fate = restval === 'train' ? 'count as train' : 'left out';
  if (counts.restval > 0) notes.push(`${counts.restval} pictures of restval ${fate}`);
  if (counts.trainval > 0) notes.push(`${counts.trainval} pictures of trainval count as train`);
  if (!splits.has('train')) {
    throw new EimError({
      code: 'invalid-data',
      message: `${file} has no picture with captions in the split "train".`,
      advice: `Its splits are: ${[...splits.keys()].join(', ') || 'none'}.`,
      data: { file, splits: [...splits.keys()] },
    });
  }
  return { splits, notes };
}

function nameOf(split: string | undefined): SplitName {
  const name = split?.trim().toLowerCase() ?? 'train';
  return SYNONYMS[name] ?? name;
}
