/** An array of float64 with its shape, row by row: what engines are checked against. */
export interface Array64 {
  readonly shape: readonly number[];
  readonly values: Float64Array;
}

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** An array filled by index. */
export function array64(shape: readonly number[], valueAt: (index: number) => number): Array64 {
  return { shape, values: Float64Array.from({ length: sizeOf(shape) }, (_, index) => valueAt(index)) };
}

/** Each value through a function. */
export function map64(x: Array64, change: (value: number, index: number) => number): Array64 {
  return array64(x.shape, (index) => change(x.values[index]!, index));
}

/** The rows of an array, whose last axis they run along. */
export function rows64(x: Array64): Float64Array[] {
  const width = x.shape.at(-1) ?? 1;
  const count = width === 0 ? 0 : x.values.length / width;
  return Array.from({ length: count }, (_, row) => x.values.subarray(row * width, (row + 1) * width));
}

/** Each row through a function, which returns a row of any one width. */
export function mapRows64(
  x: Array64,
  width: number,
  change: (row: Float64Array, index: number) => ArrayLike<number>,
): Array64 {
  const values = new Float64Array((x.values.length / (x.shape.at(-1) || 1)) * width);
  for (const [index, row] of rows64(x).entries()) values.set(change(row, index), index * width);
  return { shape: [...x.shape.slice(0, -1), width], values };
}

/** Position on each axis of a flat index. */
export function positionOf(index: number, shape: readonly number[]): number[] {
  const position = new Array<number>(shape.length);
  let left = index;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    position[axis] = left % shape[axis]!;
    left = Math.floor(left / shape[axis]!);
  }
  return position;
}

/** Flat index of a position; axes of size 1 are stretched. */
export function indexOf(position: readonly number[], shape: readonly number[]): number {
  const skipped = position.length - shape.length;
  return shape.reduce((index, size, axis) => index * size + (size === 1 ? 0 : position[axis + skipped]!), 0);
}
