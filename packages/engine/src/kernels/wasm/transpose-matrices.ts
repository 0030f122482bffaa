const TILE = 16;

/**
 * Transposes a stack of matrices `[count, rows, columns]` into `[count, columns, rows]`, tile by tile so that
 * both sides stay in the cache.
 */
export function transposeMatrices(
  from: Float32Array,
  to: Float32Array,
  count: number,
  rows: number,
  columns: number,
): void {
  const size = rows * columns;
  for (let start = 0; start < count * size; start += size) {
    for (let rowTile = 0; rowTile < rows; rowTile += TILE) {
      const rowEnd = Math.min(rowTile + TILE, rows);
      for (let columnTile = 0; columnTile < columns; columnTile += TILE) {
        const columnEnd = Math.min(columnTile + TILE, columns);
        for (let row = rowTile; row < rowEnd; row++) {
          const source = start + row * columns;
          const target = start + row;
          for (let column = columnTile; column < columnEnd; column++) {
            to[target + column * rows] = from[source + column]!;
          }
        }
      }
    }
  }
}
