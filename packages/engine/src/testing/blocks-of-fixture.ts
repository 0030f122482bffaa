import type { BlockFormat } from '@eim/contracts';
import fixture from '../quantised/__fixtures__/blocks.json' with { type: 'json' };
import { QuantisedMatrix, type RowsToHold } from '../quantised/quantised-matrix.js';

interface FormatFixture {
  readonly blockElements: number;
  readonly blockBytes: number;
  /** In base64, as `values`. */
  readonly blocks: string;
  readonly values: string;
}

const FORMATS = fixture as Readonly<Record<string, FormatFixture>>;

/** Formats that gguf-py gave blocks of. */
export const FIXTURE_FORMATS: readonly string[] = Object.keys(FORMATS);

/** Rows made of the fixture's blocks, with the values that gguf-py gives for them. */
export interface FixtureRows extends RowsToHold {
  /** Row-major. */
  readonly values: Float32Array;
}

/** Rows whose blocks are the fixture's, one after the other and again. */
export function fixtureRows(name: string, rows: number, columns: number): FixtureRows {
  const { blockElements, blockBytes, blocks, values } = FORMATS[name]!;
  const stored = Buffer.from(blocks, 'base64');
  const floats = new Float32Array(Uint8Array.from(Buffer.from(values, 'base64')).buffer);
  const kinds = stored.length / blockBytes;
  const block = (kind: number) => stored.subarray(kind * blockBytes, (kind + 1) * blockBytes);
  const meaning = (kind: number) => floats.subarray(kind * blockElements, (kind + 1) * blockElements);
  const kindOf = new Map(Array.from({ length: kinds }, (_, kind) => [block(kind).toString('hex'), kind]));
  const count = (rows * columns) / blockElements;
  const bytes = new Uint8Array(count * blockBytes);
  const expected = new Float32Array(rows * columns);
  for (let index = 0; index < count; index++) {
    const kind = (index * 5 + Math.floor(index / 7)) % kinds;
    bytes.set(block(kind), index * blockBytes);
    expected.set(meaning(kind), index * blockElements);
  }
  const format: BlockFormat = {
    name,
    blockElements,
    blockBytes,
    widen: (given, into) => {
      for (let at = 0, to = 0; to < into.length; at += blockBytes, to += blockElements) {
        const key = Buffer.from(given.subarray(at, at + blockBytes)).toString('hex');
        into.set(meaning(kindOf.get(key)!), to);
      }
    },
  };
  return { format, rows, values: expected, read: async (write) => write(0, bytes) };
}

/** A matrix of {@link fixtureRows}. */
export const fixtureMatrix = (columns: number, ...rows: readonly FixtureRows[]): Promise<QuantisedMatrix> =>
  QuantisedMatrix.read(columns, rows);
