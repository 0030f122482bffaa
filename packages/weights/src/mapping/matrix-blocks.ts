import type { BlockFormat, PublishedBlocks } from '@eim/contracts';
import type { MappableWeights, SourceTensor, WeightRule } from './weights-map.js';

/** Rows of a matrix that stay in the blocks in which a file holds them. */
export interface MatrixBlocks {
  readonly format: BlockFormat;
  readonly rows: number;
  readonly columns: number;
  /**
   * Reads the rows in the order that the parameter wants them in.
   * @param write takes whole rows: at which byte of all rows the first of them goes, and the bytes, valid until it returns
   */
  read(write: (offset: number, rows: Uint8Array) => void): Promise<void>;
  /** The same straight into memory of all rows. Absent where the file has them in another order. */
  readonly readInto?: (target: Uint8Array) => Promise<void>;
}

/** Bytes of the file that are read at once. */
const PIECE_BYTES = 2 ** 20;
/** Memory of such pieces, kept for the next matrix. */
const unused: Uint8Array[] = [];

/**
 * The matrices whose rows, one below the other, are a parameter or its transpose; undefined where a rule does not keep
 * rows whole, or where one of its sources is held otherwise than in blocks.
 */
export function matricesInBlocks(weights: MappableWeights, rule: WeightRule): MatrixBlocks[] | undefined {
  const matrices: MatrixBlocks[] = [];
  if (rule.wholeRows === undefined) return undefined;
  for (const [index, source] of rule.sources.entries()) {
    const blocks = source.shape.length === 2 ? weights.read.blocks?.(source.name) : undefined;
    if (blocks === undefined) return undefined;
    if (source.shape[1]! % blocks.format.blockElements !== 0) return undefined;
    matrices.push(matrixOf(source, blocks, rule.wholeRows.places[index]));
  }
  return matrices;
}

function matrixOf(
  { shape }: SourceTensor,
  { format, readInto }: PublishedBlocks,
  placeOf: ((row: number) => number) | undefined,
): MatrixBlocks {
  const [rows, columns] = shape as [number, number];
  const rowBytes = (columns / format.blockElements) * format.blockBytes;
  return {
    format,
    rows,
    columns,
    ...(placeOf === undefined && { readInto: (target) => readInto(0, target) }),
    async read(write) {
      const most = Math.max(1, Math.floor(PIECE_BYTES / rowBytes));
      const piece = takePiece(most * rowBytes);
      try {
        for (let first = 0; first < rows; first += most) {
          const count = Math.min(most, rows - first);
          const bytes = piece.subarray(0, count * rowBytes);
          await readInto(first * rowBytes, bytes);
          if (placeOf === undefined) write(first * rowBytes, bytes);
          else
            for (let row = 0; row < count; row++) {
              write(placeOf(first + row) * rowBytes, bytes.subarray(row * rowBytes, (row + 1) * rowBytes));
            }
        }
      } finally {
        if (piece.length === PIECE_BYTES) unused.push(piece);
      }
    },
  };
}

const takePiece = (bytes: number): Uint8Array =>
  bytes > PIECE_BYTES ? new Uint8Array(bytes) : (unused.pop() ?? new Uint8Array(PIECE_BYTES));
