/** A matrix as `left right`. */
export interface LowRankFactors {
  readonly rank: number;
  /** `[rows, rank]` */
  readonly left: Float32Array;
  /** `[rank, columns]` */
  readonly right: Float32Array;
}

/**
 * Takes a matrix apart into two of as low a rank as leaves no value further away than `tolerance`: the row and the column of the
 * greatest value that is left, again and again (cross approximation with full pivoting, Bebendorf 2000).
 * @param matrix `[rows, columns]`
 * @param mostRank where more is needed the result is undefined
 */
export function lowRankFactors(
  matrix: Float64Array,
  [rows, columns]: readonly [number, number],
  { tolerance, mostRank }: { readonly tolerance: number; readonly mostRank: number },
): LowRankFactors | undefined {
  const left: Float64Array[] = []; // columns of the left factor
  const right: Float64Array[] = [];
  const rest = Float64Array.from(matrix);
  for (;;) {
    const pivot = greatest(rest);
    if (Math.abs(rest[pivot] ?? 0) <= tolerance) break;
    if (left.length >= mostRank) return undefined;
    const [row, column] = [Math.floor(pivot / columns), pivot % columns];
    const scale = 1 / Math.sqrt(Math.abs(rest[pivot]!)); // both factors of one size
    const sign = Math.sign(rest[pivot]!);
    const own = Float64Array.from({ length: rows }, (_, at) => rest[at * columns + column]! * scale);
    const along = rest.slice(row * columns, (row + 1) * columns).map((value) => value * scale * sign);
    for (let at = 0; at < rows; at++)
      for (let to = 0; to < columns; to++) rest[at * columns + to]! -= own[at]! * along[to]!;
    left.push(own);
    right.push(along);
  }
  const rank = left.length;
  return {
    rank,
    left: Float32Array.from({ length: rows * rank }, (_, at) => left[at % rank]![Math.floor(at / rank)]!),
    right: Float32Array.from(
      { length: rank * columns },
      (_, at) => right[Math.floor(at / columns)]![at % columns]!,
    ),
  };
}

/** Where the value of the greatest magnitude is. */
function greatest(values: Float64Array): number {
  let found = 0;
  for (let at = 1; at < values.length; at++) {
    if (Math.abs(values[at]!) > Math.abs(values[found]!)) found = at;
  }
  return found;
}
