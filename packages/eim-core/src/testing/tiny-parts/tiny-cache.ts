import type { KeyValueCache } from '@eim/contracts/model';
import * as tf from '@tensorflow/tfjs-core';

/** What one row holds: keys and values `[1, n, H]` of its own positions, and what was routed when it began. */
interface TinyRow {
  readonly key: tf.Tensor3D;
  readonly value: tf.Tensor3D;
  readonly routes: tf.Tensor2D | undefined;
}

/** Keys and values of one block, `[B, S, H]` each; row i holds its own in the last `lengths[i]` slots. */
export class TinyCache implements KeyValueCache {
  constructor(
    readonly key: tf.Tensor3D,
    readonly value: tf.Tensor3D,
    readonly lengths: readonly number[],
    /** `[B, routes]`, what an adapter chose when the rows began. */
    readonly routes?: tf.Tensor2D,
  ) {}

  get length(): number {
    return this.key.shape[1];
  }

  gather(indices: readonly number[]): TinyCache {
    return TinyCache.of(() => indices.map((row) => this.row(row)));
  }

  join(other: TinyCache): TinyCache {
    return TinyCache.of(() => [...this.rows(), ...other.rows()]);
  }

  cut(length: number): TinyCache {
    return TinyCache.of(() => this.rows(length));
  }

  dispose(): void {
    tf.dispose([this.key, this.value]);
    this.routes?.dispose();
  }

  private rows(length?: number): TinyRow[] {
    return this.lengths.map((_, row) => this.row(row, length));
  }

  /** The first positions of a row. */
  private row(row: number, length = Number.POSITIVE_INFINITY): TinyRow {
    const held = this.lengths[row]!;
    const own = (slots: tf.Tensor3D): tf.Tensor3D =>
      tf.slice(slots, [row, this.length - held, 0], [1, Math.min(held, length), -1]); // [1, n, H]
    const routes = this.routes && tf.slice(this.routes, [row, 0], [1, -1]); // [1, routes]
    return { key: own(this.key), value: own(this.value), routes };
  }

  private static of(make: () => readonly TinyRow[]): TinyCache {
    return tf.tidy(() => {
      const rows = make();
      const lengths = rows.map(({ key }) => key.shape[1]);
      const slots = Math.max(...lengths); // S
      const aligned = (name: 'key' | 'value'): tf.Tensor3D =>
        tf.concat(
          rows.map(({ [name]: own }) =>
            tf.pad(own, [
              [0, 0],
              [slots - own.shape[1], 0],
              [0, 0],
            ]),
          ),
        ); // [B, S, H]
      const routes = rows.flatMap((row) => row.routes ?? []);
      const routed = routes.length > 0 ? tf.concat(routes) : undefined; // [B, routes]
      return new TinyCache(aligned('key'), aligned('value'), lengths, routed) as TinyCache &
        tf.TensorContainerObject;
    });
  }
}
