export interface Transposition {
  /** `[outputs, inputs]` */
  readonly values: Float32Array;
  readonly outputs: number;
  readonly inputs: number;
  /** First column of the target that is written. */
  readonly column: number;
  /** Columns of the target in all. */
  readonly width: number;
  readonly rowOf?: ((row: number) => number) | undefined;
}

/** Squares of this side stay in the processor's first cache, source and target together. */
const TILE = 32;

/** Writes a matrix's transpose into columns of a wider matrix `[inputs, width]`. */
export function transposeInto(target: Float32Array, transposition: Transposition): void {
  const { values, outputs, inputs, column, width, rowOf } = transposition;
  for (let firstRow = 0; firstRow < outputs; firstRow += TILE) {
    const endRow = Math.min(firstRow + TILE, outputs);
    for (let first = 0; first < inputs; first += TILE) {
      const end = Math.min(first + TILE, inputs);
      for (let row = firstRow; row < endRow; row++) {
        const from = (rowOf ? rowOf(row) : row) * inputs;
        let to = first * width + column + row;
        for (let input = first; input < end; input++, to += width) target[to] = values[from + input]!;
      }
    }
  }
}
