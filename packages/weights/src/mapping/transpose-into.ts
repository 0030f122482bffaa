export interface Transposition {
  /** `[outputs, inputs]` */
  readonly values: Float32Array;
  readonly outputs: number;
  readonly inputs: number;
  /** Column of the target that a row becomes. */
  readonly columnOf: (row: number) => number;
  /** Columns of the target in all. */
  readonly width: number;
}

/** Squares of this side stay in the processor's first cache, source and target together. */
const TILE = 32;
/** Rows that are moved at once: what they become mostly lies beside each other. */
const ROWS = 4;

/** Writes a matrix's transpose into columns of a wider matrix `[inputs, width]`. */
export function transposeInto(target: Float32Array, transposition: Transposition): void {
  const { outputs, inputs } = transposition;
  for (let firstRow = 0; firstRow < outputs; firstRow += TILE) {
    const endRow = Math.min(firstRow + TILE, outputs);
    for (let first = 0; first < inputs; first += TILE) {
      const end = Math.min(first + TILE, inputs);
      let row = firstRow;
      for (; row + ROWS <= endRow; row += ROWS) moveRows(target, transposition, row, first, end);
      for (; row < endRow; row++) moveRow(target, transposition, row, first, end);
    }
  }
}

/** Inputs `first` to `end` of four rows. */
function moveRows(
  target: Float32Array,
  { values, inputs, columnOf, width }: Transposition,
  row: number,
  first: number,
  end: number,
): void {
  let [a, b, c, d] = [columnOf(row), columnOf(row + 1), columnOf(row + 2), columnOf(row + 3)];
  const start = first * width;
  a += start;
  b += start;
  c += start;
  d += start;
  const stop = row * inputs + end;
  for (let from = row * inputs + first; from < stop; from++) {
    target[a] = values[from]!;
    target[b] = values[from + inputs]!;
    target[c] = values[from + 2 * inputs]!;
    target[d] = values[from + 3 * inputs]!;
    a += width;
    b += width;
    c += width;
    d += width;
  }
}

/** Inputs `first` to `end` of one row. */
function moveRow(
  target: Float32Array,
  { values, inputs, columnOf, width }: Transposition,
  row: number,
  first: number,
  end: number,
): void {
  const from = row * inputs;
  let to = first * width + columnOf(row);
  for (let input = first; input < end; input++, to += width) target[to] = values[from + input]!;
}
