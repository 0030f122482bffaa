import type { Parameter, ReadOnlyWeight } from '@eim/contracts/model';
import type { QuantisedMatrix } from '@eim/engine';

/** What the world is told of a parameter that is held in blocks. */
export function readOnlyWeight(
  { name, role, depth }: Parameter,
  matrix: QuantisedMatrix,
  rowsOf: 'parameter' | 'transpose',
): ReadOnlyWeight {
  const { rows, columns, format, byteCount, compute } = matrix;
  return {
    name,
    role,
    depth,
    format,
    byteCount,
    compute,
    shape: rowsOf === 'transpose' ? [columns, rows] : [rows, columns],
    read: async () => {
      const values = await matrix.values();
      return rowsOf === 'transpose' ? transposed(values, rows, columns) : values;
    },
  };
}

function transposed(values: Float32Array, rows: number, columns: number): Float32Array {
  const result = new Float32Array(values.length);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      result[column * rows + row] = values[row * columns + column]!;
  return result;
}
