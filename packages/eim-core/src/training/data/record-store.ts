import type { MemoryBudget } from './memory-budget.js';

/** A file of records of one size, for what memory has no room for. Nobody else reads it, and closing deletes it. */
export interface SpillFile {
  write(index: number, record: Uint8Array): Promise<void>;
  /** Fills `record`. */
  read(index: number, record: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

/** Opens files for records of `recordBytes` bytes. `createSpillFolder` of `@eim/core/node` gives one. */
export type OpenSpillFile = (recordBytes: number) => Promise<SpillFile>;

export interface RecordStoreOptions {
  readonly recordBytes: number;
  readonly budget: MemoryBudget;
  /** Absent: everything is kept in memory, whatever the budget says. */
  readonly openSpillFile?: OpenSpillFile | undefined;
}

/**
 * Records of one size by index, in memory while the budget lasts and then in a file. Which records are in memory is
 * settled when they are written: rows are read in random order, where no other choice reads less.
 */
export class RecordStore {
  readonly #options: RecordStoreOptions;
  readonly #held = new Map<number, Uint8Array>();
  readonly #spilt = new Set<number>();
  #file: Promise<SpillFile> | undefined;
  #taken = 0;

  constructor(options: RecordStoreOptions) {
    this.#options = options;
  }

  has(index: number): boolean {
    return this.#held.has(index) || this.#spilt.has(index);
  }

  /** Keeps a copy. @throws EimError `storage-failed` where the file cannot be written */
  async put(index: number, record: Uint8Array): Promise<void> {
    const { recordBytes, budget, openSpillFile } = this.#options;
    if (!openSpillFile || budget.take(recordBytes)) {
      if (openSpillFile) this.#taken += recordBytes;
      this.#held.set(index, record.slice());
      return;
    }
    this.#file ??= openSpillFile(recordBytes);
    await (await this.#file).write(index, record);
    this.#spilt.add(index);
  }

  /** The record of an index that {@link has}. Not to be changed. */
  async get(index: number): Promise<Uint8Array> {
    const held = this.#held.get(index);
    if (held) return held;
    const record = new Uint8Array(this.#options.recordBytes);
    await (await this.#file!).read(index, record);
    return record;
  }

  /** Frees memory and file. */
  async close(): Promise<void> {
    this.#options.budget.giveBack(this.#taken);
    this.#taken = 0;
    this.#held.clear();
    this.#spilt.clear();
    const file = this.#file;
    this.#file = undefined;
    await (await file)?.close();
  }
}
