/** What a LoRA adds to a weight: `scale * left right`. */
export interface LowRankAddition {
  /** `[rows, rank]` */
  readonly left: Float32Array;
  /** `[rank, columns]` */
  readonly right: Float32Array;
  readonly rank: number;
  readonly columns: number;
  readonly scale: number;
}

/**
 * Adds to values of the weight, row-major.
 * @param values those from the element `at` on; changed in place
 */
export function addLowRank(values: Float32Array, at: number, addition: LowRankAddition): void {
  const { left, right, rank, columns, scale } = addition;
  const sums = new Float64Array(columns);
  for (let from = 0; from < values.length; ) {
    const row = Math.floor((at + from) / columns);
    const first = (at + from) % columns;
    const count = Math.min(columns - first, values.length - from);
    sums.fill(0);
    for (let k = 0; k < rank; k++) {
      const factor = scale * left[row * rank + k]!;
      const start = k * columns + first;
      for (let column = 0; column < count; column++) sums[column]! += factor * right[start + column]!;
    }
    for (let column = 0; column < count; column++) values[from + column]! += sums[column]!;
    from += count;
  }
}

/** @param values `[rows, columns]` @returns `[columns, rows]` */
export function transposedMatrix(values: Float32Array, rows: number, columns: number): Float32Array {
  const result = new Float32Array(values.length);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      result[column * rows + row] = values[row * columns + column]!;
  return result;
}
