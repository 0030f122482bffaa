import type { Injection, KeyValueCache } from '@eim/contracts/model';

/** A row whose prompt has been read, or is being read. */
export interface BegunRow {
  /** Of this row alone. */
  readonly cache: KeyValueCache;
  /** By slot of the cache, 1 where it is real; undefined where all are. */
  readonly mask: readonly number[] | undefined;
  /** What acts in the row; its prefix has been read. Its tensors must live as long as the row goes on. */
  readonly injection: Injection;
}

/** Slots of a row that count as positions. */
export const realSlots = (mask: readonly number[] | undefined, slots: number): number =>
  mask === undefined ? slots : mask.reduce((sum, real) => sum + real, 0);
