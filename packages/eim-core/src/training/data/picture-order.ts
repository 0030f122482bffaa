import { EimError } from '@eim/contracts';
import type { RandomStream } from '@eim/contracts/model';

/** Where the order stands; enough to go on from exactly there. */
export interface PictureOrderState {
  readonly epoch: number;
  /** Pictures of this epoch already handed out. */
  readonly position: number;
  /** Pictures that the batch crossing into this epoch already held; they are moved behind its start. */
  readonly held: readonly number[];
}

/**
 * Endless order of the pictures of a split: each epoch is one seeded permutation. A batch that crosses the
 * end of an epoch takes the rest from the next one, and never holds a picture twice.
 */
export class PictureOrder {
  readonly #random: RandomStream;
  readonly #count: number;
  #state: PictureOrderState = { epoch: 0, position: 0, held: [] };
  #order: readonly number[];

  /** @param random its forks `epoch.0`, `epoch.1`, ... give the permutations */
  constructor(random: RandomStream, count: number, state?: PictureOrderState) {
    this.#random = random;
    this.#count = count;
    if (state) this.#state = state;
    this.#order = this.#permutation();
  }

  get state(): PictureOrderState {
    return this.#state;
  }

  /**
   * The next `size` distinct pictures.
   * @throws EimError `invalid-config` where the split holds fewer
   */
  take(size: number): number[] {
    if (size > this.#count) {
      throw new EimError({
        code: 'invalid-config',
        message: `A batch of ${size} distinct pictures was asked for, but the split holds ${this.#count}.`,
        advice: `Set the segment's batchSize to ${this.#count} or less.`,
        data: { batchSize: size, pictures: this.#count },
      });
    }
    const batch: number[] = [];
    while (batch.length < size) {
      const { epoch, position } = this.#state;
      if (position === this.#count) {
        this.#state = { epoch: epoch + 1, position: 0, held: [...batch] };
        this.#order = this.#permutation();
        continue;
      }
      const next = this.#order.slice(position, position + size - batch.length);
      batch.push(...next);
      this.#state = { ...this.#state, position: position + next.length };
    }
    return batch;
  }

  #permutation(): readonly number[] {
    const indices = Array.from({ length: this.#count }, (_, index) => index);
    const shuffled = this.#random.fork(`epoch.${this.#state.epoch}`).shuffle(indices);
    const held = new Set(this.#state.held);
    return [...shuffled.filter((index) => !held.has(index)), ...shuffled.filter((index) => held.has(index))];
  }
}
