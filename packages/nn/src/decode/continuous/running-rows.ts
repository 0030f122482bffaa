import type { KeyValueCache, Tensor2D } from '@eim/contracts/model';
import * as tf from '@tensorflow/tfjs-core';
import { tidied } from '../../tidied.js';
import type { DecodableModel, RowScores } from '../decode-session.js';
import { type BegunRow, realSlots } from './begun-row.js';
import { jointInjection } from './joint-injection.js';

interface RunningRow extends Pick<BegunRow, 'injection'> {
  /** By slot of its own, 1 where it is real; undefined where all are. */
  readonly mask: number[] | undefined;
  /** Where its next token stands. */
  position: number;
}

/**
 * Rows of one injection kind that are decoded side by side, and that come and go between any two steps. Each goes on as it would
 * alone. Dispose of them at the end.
 * @example
 * const rows = new RunningRows(llm);
 * rows.add(reader.finish(), 2); // two answers to one prompt
 * const scores = await rows.advance([first, second]);
 * rows.keep([1]);
 * rows.dispose();
 */
export class RunningRows {
  readonly #model: DecodableModel;
  #rows: RunningRow[] = [];
  #cache: KeyValueCache | undefined;

  constructor(model: DecodableModel) {
    this.#model = model;
  }

  get count(): number {
    return this.#rows.length;
  }

  /** Puts a row behind the others. @param copies rows that go on from this prompt, each by itself */
  add({ cache, mask, injection }: BegunRow, copies = 1): void {
    const slots = cache.length;
    const position = realSlots(mask, slots) - (injection.prefix?.uncountedLater ?? 0);
    const parts = [this.#cache, ...new Array<KeyValueCache>(copies).fill(cache)];
    const [first, ...others] = parts.filter((part) => part !== undefined);
    let joined = first!;
    for (const other of others) {
      const before = joined;
      joined = before.join(other);
      if (before !== cache) before.dispose();
    }
    if (joined !== cache) cache.dispose();
    this.#cache = joined;
    for (let copy = 0; copy < copies; copy++) {
      this.#rows.push({ injection, mask: mask && [...mask], position });
    }
  }

  /**
   * Appends one token to each row.
   * @param ids one a row
   * @returns scores of the tokens that follow
   */
  async advance(ids: readonly number[]): Promise<RowScores> {
    const logits = this.#forward(ids); // [B, V]
    const width = logits.shape[1];
    try {
      const values = (await logits.data()) as Float32Array; // [B * V]
      return ids.map((_, row) => values.subarray(row * width, (row + 1) * width));
    } finally {
      logits.dispose();
    }
  }

  /**
   * Appends one token to each row, where nothing but the likeliest that follows counts: the scores stay in the engine's memory.
   * @param ids one a row
   * @returns the likeliest of each row, the first of equals
   */
  async advanceGreedily(ids: readonly number[]): Promise<number[]> {
    const logits = this.#forward(ids); // [B, V]
    const likeliest = tf.argMax(logits, 1); // [B]
    try {
      return [...(await likeliest.data())];
    } finally {
      tf.dispose([logits, likeliest]);
    }
  }

  /** The other rows leave. @param indices of those that stay, in any order */
  keep(indices: readonly number[]): void {
    if (indices.length === this.count && indices.every((row, index) => row === index)) return;
    const past = this.#cache;
    this.#cache = indices.length === 0 ? undefined : past?.gather(indices);
    past?.dispose();
    this.#rows = indices.map((row) => this.#rows[row]!);
  }

  /** What a row has read: its prompt, and all tokens but the last one chosen. The caller owns it. */
  cacheOf(row: number): KeyValueCache {
    return this.#cache!.gather([row]);
  }

  dispose(): void {
    this.keep([]);
  }

  /** @returns `[B, V]` */
  #forward(ids: readonly number[]): Tensor2D {
    const past = this.#cache!;
    const injection = this.#rows.some(({ injection: own }) => Object.keys(own).length > 0);
    for (const { mask } of this.#rows) mask?.push(1);
    const { logits, cache } = tidied(() =>
      this.#model.forward(this.#model.embed(tf.tensor2d([...ids], [ids.length, 1], 'int32')), {
        useCache: true,
        cache: past,
        ...(injection && { injection: jointInjection(this.#rows.map(({ injection: own }) => own)) }),
        ...this.#maskAndPositions(past),
      }),
    );
    this.#cache = cache;
    past.dispose();
    for (const row of this.#rows) row.position++;
    return logits;
  }

  /** Nothing where all slots are real and stand one after the other. */
  #maskAndPositions(past: KeyValueCache): { mask?: Tensor2D; positions?: Tensor2D } {
    const { length, lengths } = past;
    const plain = this.#rows.every(({ mask, position }, row) => !mask && position === lengths[row]);
    if (plain) return {};
    const slots = this.#rows.map(({ mask }, row) => {
      const own = mask ?? new Array<number>(lengths[row]! + 1).fill(1);
      return [...new Array<number>(length + 1 - own.length).fill(0), ...own];
    });
    return {
      mask: tf.tensor2d(slots, [this.count, length + 1], 'float32'), // [B, S + 1]
      positions: tf.tensor2d(
        this.#rows.map(({ position }) => position),
        [this.count, 1],
        'int32',
      ), // [B, 1]
    };
  }
}
