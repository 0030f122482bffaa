import type { CaptionDataset, SplitName } from '@eim/contracts';
import { EimError } from '@eim/contracts';
import { captionDataset } from './caption-dataset.js';
import { seededDraws } from './seeded-draws.js';

export interface CarveOptions {
  /** @default 'train' */
  readonly from?: SplitName;
  /** @default 'val' */
  readonly into?: SplitName;
  /** Share of `from` that is taken, at least one picture. @default 0.1 */
  readonly share?: number;
  /** At most so many pictures. @default 5000 */
  readonly most?: number;
  /** @default 1 */
  readonly seed?: number;
}

/**
 * Takes pictures out of one split to make another. Which ones depends on the seed and their ids alone, not on
 * their order. Pictures of equal bytes go together, so that none is on both sides.
 * @throws EimError `invalid-argument` where the split exists, or too few pictures are there to share
 */
export function carveSplit(dataset: CaptionDataset, options: CarveOptions = {}): CaptionDataset {
  const { from = 'train', into = 'val', share = 0.1, most = 5000, seed = 1 } = options;
  const pictures = dataset.split(from);
  const refuse = (fault: string): never => {
    throw new EimError({
      code: 'invalid-argument',
      message: `Cannot carve "${into}" out of "${from}" of ${dataset.name}: ${fault}.`,
      data: { from, into, share },
    });
  };
  if (dataset.splits.includes(into)) refuse(`there is a split "${into}" already`);
  if (!(share > 0 && share < 1)) refuse(`a share of ${share} is not between 0 and 1`);
  if (pictures.length < 2) refuse(`"${from}" has ${pictures.length} pictures`);
  const wanted = Math.min(most, Math.max(1, Math.round(pictures.length * share)));
  const groups = new Map<string, string[]>(); // ids by fingerprint
  for (const { id, fingerprint } of pictures) {
    const group = groups.get(fingerprint);
    if (group) group.push(id);
    else groups.set(fingerprint, [id]);
  }
  const ranked = Array.from(groups.values(), (ids) => {
    const first = [...ids].sort()[0]!;
    return { ids, first, rank: seededDraws(`carve ${seed} ${first}`).uniform() };
  }).sort((a, b) => a.rank - b.rank || (a.first < b.first ? -1 : 1));
  const taken = new Set<string>();
  for (const { ids } of ranked) {
    if (taken.size + ids.length > wanted) continue;
    for (const id of ids) taken.add(id);
  }
  const carved = pictures.filter(({ id }) => taken.has(id));
  if (carved.length === 0) refuse('its pictures are copies of too few');
  const left = pictures.filter(({ id }) => !taken.has(id));
  const splits = dataset.splits.flatMap((name): [SplitName, typeof left][] =>
    name === from
      ? [
          [from, left],
          [into, carved],
        ]
      : [[name, [...dataset.split(name)]]],
  );
  const note = `${carved.length} pictures of ${from} carved out as ${into} (seed ${seed})`;
  return captionDataset(dataset.name, new Map(splits), [...dataset.notes, note]);
}
