import type { Dataset, Row, SplitName } from '@eim/contracts';
import { EimError } from '@eim/contracts';
import { createDataset } from './create-dataset.js';
import { seededDraws } from './seeded-draws.js';

export interface CarveOptions {
  /** @default 'train' */
  readonly from?: SplitName;
  /** @default 'val' */
  readonly into?: SplitName;
  /** Share of `from` that is taken, at least one row. @default 0.1 */
  readonly share?: number;
  /** Greatest number of rows to take. @default 5000 */
  readonly most?: number;
  /** @default 1 */
  readonly seed?: number;
}

/**
 * Takes rows out of one split to make another. The choice depends on the seed and the rows' ids alone, not on their order.
 * Rows of one picture stay together, so that no picture is in both splits.
 * @throws EimError `invalid-argument` where the split exists, or there are too few rows to share
 */
export function carveSplit(dataset: Dataset, options: CarveOptions = {}): Dataset {
  const { from = 'train', into = 'val', share = 0.1, most = 5000, seed = 1 } = options;
  const rows = dataset.split(from);
  const refuse = (fault: string): never => {
    throw new EimError({
      code: 'invalid-argument',
      message: `Cannot carve "${into}" out of "${from}" of ${dataset.name}: ${fault}.`,
      data: { from, into, share },
    });
  };
  if (dataset.splits.includes(into)) refuse(`there is a split "${into}" already`);
  if (!(share > 0 && share < 1)) refuse(`a share of ${share} is not between 0 and 1`);
  if (rows.length < 2) refuse(`"${from}" has ${rows.length} rows`);
  const wanted = Math.min(most, Math.max(1, Math.round(rows.length * share)));
  const ranked = groupsOf(rows)
    .map((ids) => {
      const first = [...ids].sort()[0]!;
      return { ids, first, rank: seededDraws(`carve ${seed} ${first}`).uniform() };
    })
    .sort((a, b) => a.rank - b.rank || (a.first < b.first ? -1 : 1));
  const taken = new Set<string>();
  for (const { ids } of ranked) {
    if (taken.size + ids.length > wanted) continue;
    for (const id of ids) taken.add(id);
  }
  const carved = rows.filter(({ id }) => taken.has(id));
  if (carved.length === 0) refuse('its rows show too few pictures');
  const left = rows.filter(({ id }) => !taken.has(id));
  const splits = dataset.splits.flatMap((name): [SplitName, typeof left][] =>
    name === from
      ? [
          [from, left],
          [into, carved],
        ]
      : [[name, [...dataset.split(name)]]],
  );
  const note = `${carved.length} rows of ${from} carved out as ${into} (seed ${seed})`;
  return createDataset(dataset.name, new Map(splits), [...dataset.notes, note]);
}

/** Groups of ids that have to stay together: the rows of each picture. A row without a picture is a group of its own. */
function groupsOf(rows: readonly Row[]): string[][] {
  const groups: string[][] = [];
  const byFingerprint = new Map<string, string[]>();
  for (const { id, picture } of rows) {
    const group = picture && byFingerprint.get(picture.fingerprint);
    if (group) group.push(id);
    else {
      groups.push([id]);
      if (picture) byFingerprint.set(picture.fingerprint, groups.at(-1)!);
    }
  }
  return groups;
}
