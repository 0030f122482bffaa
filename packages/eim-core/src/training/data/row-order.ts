import { type DatasetMixture, EimError } from '@eim/contracts';
import type { RandomStream } from '@eim/contracts/model';
import { arrangeByKind } from './arrange-by-kind.js';
import { mixParts } from './mix-parts.js';

/** Where the order stands; enough to go on from exactly there. */
export interface RowOrderState {
  readonly epoch: number;
  /** Rows of this epoch already handed out. */
  readonly position: number;
  /** Rows that the batch crossing into this epoch already held; they are moved behind its start. */
  readonly held: readonly number[];
  /** Batch size that this epoch is arranged for. */
  readonly size?: number;
}

export interface RowOrderOptions {
  /** Its forks `epoch.0`, `epoch.1`, ... give the permutations. */
  readonly random: RandomStream;
  readonly count: number;
  /** Rows of one kind stand together in batches, as far as they go round. Absent: all are of one kind. */
  readonly kindOf?: ((row: number) => number) | undefined;
  /** Draws from parts of the split by their weights, or one after the other. */
  readonly mixture?: DatasetMixture | undefined;
  readonly state?: RowOrderState | undefined;
}

/**
 * Endless order of the rows of a split: each epoch is one seeded permutation. A batch that crosses the
 * end of an epoch takes the rest from the next one, and never holds a row twice. In a mixture an epoch is as many draws as
 * there are rows, and a small part comes round several times, if need be within one batch.
 */
export class RowOrder {
  readonly #options: RowOrderOptions;
  #state: RowOrderState;
  #order: readonly number[] | undefined;

  constructor(options: RowOrderOptions) {
    this.#options = options;
    this.#state = options.state ?? { epoch: 0, position: 0, held: [] };
  }

  get state(): RowOrderState {
    return this.#state;
  }

  /**
   * The next `size` rows, distinct unless a mixture draws them.
   * @throws EimError `invalid-config` where the split holds fewer
   */
  take(size: number): number[] {
    const { count } = this.#options;
    if (size > count) {
      throw new EimError({
        code: 'invalid-config',
        message: `A batch of ${size} distinct rows was asked for, but the split holds ${count}.`,
        advice: `Set the segment's batchSize to ${count} or less.`,
        data: { batchSize: size, rows: count },
      });
    }
    if (this.#options.kindOf && this.#state.size === undefined) this.#state = { ...this.#state, size };
    const batch: number[] = [];
    while (batch.length < size) {
      const { epoch, position } = this.#state;
      if (position === count) {
        this.#state = {
          epoch: epoch + 1,
          position: 0,
          held: [...batch],
          ...(this.#options.kindOf && { size }),
        };
        this.#order = undefined;
        continue;
      }
      this.#order ??= this.#permutation();
      const next = this.#order.slice(position, position + size - batch.length);
      batch.push(...next);
      this.#state = { ...this.#state, position: position + next.length };
    }
    return batch;
  }

  #permutation(): readonly number[] {
    const { random, count, kindOf, mixture } = this.#options;
    const { epoch, held, size } = this.#state;
    const stream = random.fork(`epoch.${epoch}`);
    const order = mixture
      ? mixParts(mixture, epoch * count, count, random)
      : behindHeld(stream.shuffle(Array.from({ length: count }, (_, index) => index)), held);
    if (!kindOf || size === undefined) return order;
    const arranged: number[] = [];
    for (const part of this.#apart(order)) {
      // Rows that fill up the batch begun before this epoch or part come first.
      const begun = (held.length + arranged.length) % size;
      const first = Math.min(part.length, (size - begun) % size);
      arranged.push(...arrangeByKind(part, { kindOf, size, first, random: stream }));
    }
    return arranged;
  }

  /** What may be rearranged within itself alone: all of an epoch, or each part of those that come one after the other. */
  #apart(order: readonly number[]): (readonly number[])[] {
    const { mixture } = this.#options;
    if (mixture?.order !== 'in-order') return [order];
    let start = 0;
    return mixture.parts.map(({ count }) => {
      start += count;
      return order.slice(start - count, start);
    });
  }
}

/** Rows that the batch crossing into an epoch already holds come last in it. */
function behindHeld(order: readonly number[], held: readonly number[]): number[] {
  const before = new Set(held);
  return [...order.filter((index) => !before.has(index)), ...order.filter((index) => before.has(index))];
}
