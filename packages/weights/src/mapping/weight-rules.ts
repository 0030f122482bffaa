import { elementCount } from '../dtype.js';
import { transposeInto } from './transpose-into.js';
import type { SourceTensor, WeightRule } from './weights-map.js';

/** A rule whose values each come of one value: it is done run by run, or with all at once. */
export function placed(
  target: string,
  sources: readonly SourceTensor[],
  place: NonNullable<WeightRule['place']>,
): WeightRule {
  return {
    target,
    sources,
    place,
    combine: (parts) => {
      const whole = new Float32Array(parts.reduce((length, part) => length + part.length, 0));
      parts.forEach((values, source) => {
        place(whole, source, { at: 0, values });
      });
      return whole;
    },
  };
}

/** The tensor as it is; a shape that differs only by sides of 1 may be given as the file has it. */
export const copied = (target: string, name: string, shape: readonly number[]): WeightRule =>
  joined(target, [{ name, shape }]);

/** Tensors one behind the other, along their first dimension: biases of query, key and value. */
export function joined(target: string, sources: readonly SourceTensor[]): WeightRule {
  const starts = runningSums(sources.map(({ shape }) => elementCount(shape)));
  const rule = placed(target, sources, (whole, source, { at, values }) =>
    whole.set(values, starts[source]! + at),
  );
  return {
    ...rule,
    combine: (parts) => (parts.length === 1 ? parts[0]! : rule.combine(parts)),
    wholeRows: { of: 'parameter', places: sources.map(() => undefined) },
  };
}

/** The sum of all numbers before each. */
function runningSums(numbers: readonly number[]): number[] {
  let sum = 0;
  return numbers.map((number) => {
    sum += number;
    return sum - number;
  });
}

/** A source of {@link transposed}: a PyTorch linear weight `[out, in]`. */
export interface LinearSource extends SourceTensor {
  readonly shape: readonly [outputs: number, inputs: number];
  /** Which row of the source becomes output `row`. Absent: the same. */
  readonly rowOf?: (row: number) => number;
}

/** PyTorch linear weights `[out, in]`, several beside each other, as one `[in, all outs]`. */
export function transposed(target: string, ...sources: readonly LinearSource[]): WeightRule {
  const width = sources.reduce((sum, { shape: [outputs] }) => sum + outputs, 0);
  const [, inputs] = sources[0]!.shape;
  const starts = runningSums(sources.map(({ shape: [outputs] }) => outputs));
  const columns = sources.map(({ shape: [outputs], rowOf }) => rowOf && inverse(outputs, rowOf));
  const rule = placed(target, sources, (whole, source, { at, values }) => {
    const [firstRow, start, column] = [at / inputs, starts[source]!, columns[source]];
    const columnOf = column
      ? (row: number) => start + column[firstRow + row]!
      : (row: number) => start + firstRow + row;
    transposeInto(whole, { values, outputs: values.length / inputs, inputs, columnOf, width });
  });
  const places = columns.map((column) => column && ((row: number) => column[row]!));
  return { ...rule, wholeRows: { of: 'transpose', places } };
}

/** Which row each row of the source becomes. */
function inverse(rows: number, rowOf: (row: number) => number): Int32Array {
  const becomes = new Int32Array(rows);
  for (let row = 0; row < rows; row++) becomes[rowOf(row)] = row;
  return becomes;
}

/** The tensor with its dimensions in another order: `order[i]` is the source's dimension that becomes dimension i. */
export const permuted = (
  target: string,
  name: string,
  shape: readonly number[],
  order: readonly number[],
): WeightRule => ({
  target,
  sources: [{ name, shape }],
  combine: ([values]) => permuteDimensions(values!, shape, order),
});

function permuteDimensions(
  values: Float32Array,
  shape: readonly number[],
  order: readonly number[],
): Float32Array {
  const steps = shape.map((_, axis) => elementCount(shape.slice(axis + 1)));
  const sides = order.map((axis) => shape[axis]!);
  const strides = order.map((axis) => steps[axis]!);
  const result = new Float32Array(values.length);
  const place = sides.map(() => 0);
  let from = 0;
  for (let to = 0; to < result.length; to++) {
    result[to] = values[from]!;
    for (let axis = sides.length - 1; axis >= 0; axis--) {
      place[axis]!++;
      from += strides[axis]!;
      if (place[axis]! < sides[axis]!) break;
      from -= strides[axis]! * sides[axis]!;
      place[axis] = 0;
    }
  }
  return result;
}
