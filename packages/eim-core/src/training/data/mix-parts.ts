import type { DatasetMixture, DatasetPart } from '@eim/contracts';
import type { RandomStream } from '@eim/contracts/model';

/**
 * Draws `from` to `from + count` of an endless order over the parts of a split. Mixed: every draw goes to the part that is
 * furthest behind its weight; each part is a permutation of its own, anew each time it comes round. In order: all rows of
 * the first part, then of the second, and so on, each shuffled.
 * @returns rows of the split
 */
export function mixParts(
  { order, parts }: DatasetMixture,
  from: number,
  count: number,
  random: RandomStream,
): number[] {
  const filled = parts.filter((part) => part.count > 0);
  const draws = filled.map((part) => new PartDraws(part, random));
  if (order === 'in-order') {
    const epoch = Math.floor(from / count);
    return draws.flatMap((part) => part.wholeEpoch(epoch));
  }
  const weights = filled.map(({ weight }) => weight);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const taken = filled.map(() => 0);
  const rows: number[] = [];
  for (let draw = 0; draw < from + count; draw += 1) {
    let chosen = 0;
    let furthest = Number.NEGATIVE_INFINITY;
    for (const [index, weight] of weights.entries()) {
      const behind = ((draw + 1) * weight) / total - taken[index]!;
      if (behind > furthest) {
        furthest = behind;
        chosen = index;
      }
    }
    if (draw >= from) rows.push(draws[chosen]!.row(taken[chosen]!));
    taken[chosen]! += 1;
  }
  return rows;
}

/** One part's endless order. */
class PartDraws {
  #epoch = -1;
  #order: readonly number[] = [];

  constructor(
    private readonly part: DatasetPart,
    private readonly random: RandomStream,
  ) {}

  /** The row of the split that the part gives at its n-th draw. */
  row(draw: number): number {
    const { count } = this.part;
    return this.wholeEpoch(Math.floor(draw / count))[draw % count]!;
  }

  wholeEpoch(epoch: number): readonly number[] {
    if (epoch !== this.#epoch) {
      const { start, count, name } = this.part;
      const rows = Array.from({ length: count }, (_, index) => start + index);
      this.#order = this.random.fork(`part.${name}.epoch.${epoch}`).shuffle(rows);
      this.#epoch = epoch;
    }
    return this.#order;
  }
}
