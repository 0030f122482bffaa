/**
 * Lower triangle L with L Lᵀ = A of a symmetric positive definite matrix.
 * @param matrix `[n, n]`, of which the lower triangle is read
 * @returns `[n, n]`, zeros above the diagonal
 */
export function choleskyFactor(matrix: Float64Array, n: number): Float64Array {
  const factor = new Float64Array(n * n); // [n, n]
  for (let row = 0; row < n; row++) {
    const own = factor.subarray(row * n, row * n + n);
    for (let column = 0; column <= row; column++) {
      const other = factor.subarray(column * n, column * n + column);
      let sum = matrix[row * n + column]!;
      for (let i = 0; i < column; i++) sum -= own[i]! * other[i]!;
      own[column] = column === row ? Math.sqrt(sum) : sum / factor[column * n + column]!;
    }
  }
  return factor;
}

/**
 * Solves A X = B in place, A given by its Cholesky factor.
 * @param factor `[n, n]`, as {@link choleskyFactor} makes it
 * @param values `[n, width]`: B on entry, X afterwards
 */
export function solveByCholesky(factor: Float64Array, n: number, values: Float64Array): void {
  const width = values.length / n;
  const rowOf = (row: number) => values.subarray(row * width, (row + 1) * width);
  const subtract = (target: Float64Array, source: Float64Array, times: number) => {
    for (let i = 0; i < width; i++) target[i]! -= times * source[i]!;
  };
  const divide = (target: Float64Array, by: number) => {
    for (let i = 0; i < width; i++) target[i]! /= by;
  };
  for (let row = 0; row < n; row++) {
    for (let i = 0; i < row; i++) subtract(rowOf(row), rowOf(i), factor[row * n + i]!);
    divide(rowOf(row), factor[row * n + row]!);
  }
  for (let row = n - 1; row >= 0; row--) {
    for (let i = row + 1; i < n; i++) subtract(rowOf(row), rowOf(i), factor[i * n + row]!);
    divide(rowOf(row), factor[row * n + row]!);
  }
}
