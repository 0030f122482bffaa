import type { KeyValueCache } from '@eim/contracts/model';

/** What stands in a slot: the id of a token, or a text that names a slot of a picture. */
export type SlotKey = number | string;

interface Entry {
  readonly keys: readonly SlotKey[];
  readonly cache: KeyValueCache;
}

export interface SharedPrefixesOptions {
  /** Most positions that are kept in all. */
  readonly positions: number;
  /** Beginnings shorter than this are not worth a copy. @default 16 */
  readonly shortest?: number | undefined;
}

/**
 * What was read for earlier rows, kept for those that begin alike: a system message, the turns so far of a chat, a picture. The
 * entries that were not used for longest go first. Dispose of it at the end.
 * @example
 * const prefixes = new SharedPrefixes({ positions: 4096 });
 * const shared = prefixes.find(ids, ids.length - 1); // a cache of the first slots, or undefined
 */
export class SharedPrefixes {
  readonly #positions: number;
  readonly #shortest: number;
  /** Those used last at the end. */
  #entries: Entry[] = [];

  constructor({ positions, shortest = 16 }: SharedPrefixesOptions) {
    this.#positions = positions;
    this.#shortest = shortest;
  }

  /** Positions that are held. */
  get positions(): number {
    return this.#entries.reduce((sum, { keys }) => sum + keys.length, 0);
  }

  /**
   * The longest beginning that is known of a row.
   * @param most slots that may be shared
   * @returns a cache of one row, which the caller owns
   */
  find(keys: readonly SlotKey[], most: number): KeyValueCache | undefined {
    let [found, length]: [Entry | undefined, number] = [undefined, this.#shortest - 1];
    for (const entry of this.#entries) {
      const common = Math.min(most, commonLength(entry.keys, keys));
      if (common > length) [found, length] = [entry, common];
    }
    if (found === undefined) return undefined;
    this.#entries = [...this.#entries.filter((entry) => entry !== found), found];
    return found.cache.cut(length);
  }

  /**
   * Keeps what a row has read, if it fits.
   * @param keys of its slots
   * @param read makes a cache of that row alone, which this owns then; it is not called where nothing is to be kept
   */
  add(keys: readonly SlotKey[], read: () => KeyValueCache): void {
    const { length } = keys;
    if (length < this.#shortest || length > this.#positions) return;
    const isKnown = this.#entries.some((entry) => commonLength(entry.keys, keys) === length);
    if (isKnown) return;
    this.#drop(({ keys: known }) => commonLength(known, keys) === known.length);
    while (this.positions + length > this.#positions) {
      const oldest = this.#entries[0];
      this.#drop((entry) => entry === oldest);
    }
    this.#entries.push({ keys: [...keys], cache: read() });
  }

  dispose(): void {
    this.#drop(() => true);
  }

  #drop(goes: (entry: Entry) => boolean): void {
    for (const entry of this.#entries) if (goes(entry)) entry.cache.dispose();
    this.#entries = this.#entries.filter((entry) => !goes(entry));
  }
}

function commonLength(one: readonly SlotKey[], other: readonly SlotKey[]): number {
  let length = 0;
  while (length < one.length && length < other.length && one[length] === other[length]) length++;
  return length;
}
