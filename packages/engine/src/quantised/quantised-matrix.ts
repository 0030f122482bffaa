import { type BlockFormat, EimError } from '@eim/contracts';
import type { ComputeMode } from '@eim/contracts/model';
import { type BlockFilling, type BlockStore, blockStore } from './block-store.js';

/** Consecutive rows of a matrix that are held in one format. */
export interface RowsInBlocks {
  readonly store: BlockStore;
  /** Of the store's rows. */
  readonly first: number;
  readonly rows: number;
}

/** Rows of one format, and what writes them. */
export interface RowsToHold {
  readonly format: BlockFormat;
  readonly rows: number;
  /** @param write takes whole rows: at which byte of all rows the first of them goes, and the bytes, valid until it returns */
  read(write: (offset: number, rows: Uint8Array) => void): Promise<void>;
  /** The same straight into memory of all rows, where their order allows it: `read` takes them through memory of its own. */
  readonly readInto?: (target: Uint8Array) => Promise<void>;
}

/**
 * A matrix `[rows, columns]` whose rows lie in the engine's memory in blocks of a few bits. It is no tensor and cannot
 * learn; `linear` multiplies by its transpose, `embedding` reads rows, and gradients pass through to their inputs.
 */
export class QuantisedMatrix {
  /** @param owned false: the stores are another matrix's, and are not freed with this one */
  private constructor(
    readonly columns: number,
    readonly parts: readonly RowsInBlocks[],
    /** `fast`: in products, activations go in blocks of signed bytes where its formats and the engine can. */
    readonly compute: ComputeMode,
    private readonly owned: boolean,
  ) {}

  /**
   * Reads rows into the engine's memory, one piece after the other. Neighbours of one format are held together.
   * @param all rows one below the other
   * @param compute as the matrix has it
   */
  static async read(
    columns: number,
    all: readonly RowsToHold[],
    compute: ComputeMode = 'exact',
  ): Promise<QuantisedMatrix> {
    const parts: RowsInBlocks[] = [];
    try {
      for (const group of byFormat(all)) {
        const rows = group.reduce((sum, one) => sum + one.rows, 0);
        const filling = blockStore(group[0]!.format, rows, columns);
        try {
          let start = 0;
          for (const one of group) {
            await readRows(one, filling, start);
            start += one.rows * filling.rowBytes;
          }
        } catch (error) {
          filling.abandon();
          throw error;
        }
        parts.push({ store: filling.finish(), first: 0, rows });
      }
    } catch (error) {
      for (const { store } of parts) store.dispose();
      throw error;
    }
    return new QuantisedMatrix(columns, parts, compute, true);
  }

  get rows(): number {
    return this.parts.reduce((sum, { rows }) => sum + rows, 0);
  }

  /** Memory that the rows take. */
  get byteCount(): number {
    return this.parts.reduce((sum, { store, rows }) => sum + rows * store.rowBytes, 0);
  }

  /** Of its formats: `q4_k`, or `q4_k+q6_k` where rows differ. */
  get format(): string {
    return [...new Set(this.parts.map(({ store }) => store.format.name))].join('+');
  }

  /** Some of its rows, as a matrix that lives as long as this one. */
  slice(first: number, rows: number): QuantisedMatrix {
    if (!(first >= 0 && rows > 0 && first + rows <= this.rows)) {
      throw new EimError({
        code: 'invalid-argument',
        message: `Rows ${first} to ${first + rows} of a matrix of ${this.rows} rows were asked for.`,
      });
    }
    let start = 0;
    const parts: RowsInBlocks[] = [];
    for (const part of this.parts) {
      const from = Math.max(first, start);
      const end = Math.min(first + rows, start + part.rows);
      if (end > from) parts.push({ store: part.store, first: part.first + from - start, rows: end - from });
      start += part.rows;
    }
    return new QuantisedMatrix(this.columns, parts, this.compute, false);
  }

  /** All values that it stands for, row-major. */
  async values(): Promise<Float32Array> {
    const values = new Float32Array(this.rows * this.columns);
    let at = 0;
    for (const { store, first, rows } of this.parts) {
      const bytes = await store.bytes();
      const size = rows * this.columns;
      const blocks = bytes.subarray(first * store.rowBytes, (first + rows) * store.rowBytes);
      store.format.widen(blocks, values.subarray(at, at + size));
      at += size;
    }
    return values;
  }

  dispose(): void {
    if (this.owned) for (const { store } of this.parts) store.dispose();
  }
}

/** @param start byte of the filling at which the first row goes */
async function readRows(one: RowsToHold, filling: BlockFilling, start: number): Promise<void> {
  const memory = one.readInto && filling.memory();
  if (memory) await one.readInto!(memory.subarray(start, start + one.rows * filling.rowBytes));
  else await one.read((offset, bytes) => filling.write(start + offset, bytes));
}

/** Neighbours of one format together. */
function byFormat(all: readonly RowsToHold[]): RowsToHold[][] {
  const groups: RowsToHold[][] = [];
  for (const one of all) {
    const last = groups.at(-1);
    if (last && last[0]!.format.name === one.format.name) last.push(one);
    else groups.push([one]);
  }
  return groups;
}
