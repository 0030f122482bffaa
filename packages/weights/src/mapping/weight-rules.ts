import { elementCount } from '../dtype.js';
import { transposeInto } from './transpose-into.js';
import type { SourceTensor, WeightRule } from './weights-map.js';

/** The tensor as it is; a shape that differs only by sides of 1 may be given as the file has it. */
export const copied = (target: string, name: string, shape: readonly number[]): WeightRule => ({
  target,
  sources: [{ name, shape }],
  combine: ([values]) => values!,
});

/** Tensors one behind the other, along their first dimension: biases of query, key and value. */
export const joined = (target: string, sources: readonly SourceTensor[]): WeightRule => ({
  target,
  sources,
  combine: (parts) => {
    if (parts.length === 1) return parts[0]!;
    const whole = new Float32Array(parts.reduce((length, part) => length + part.length, 0));
    let at = 0;
    for (const part of parts) {
      whole.set(part, at);
      at += part.length;
    }
    return whole;
  },
});

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
  return {
    target,
    sources,
    combine: (parts) => {
      const whole = new Float32Array(inputs * width);
      let column = 0;
      sources.forEach(({ shape: [outputs], rowOf }, index) => {
        transposeInto(whole, { values: parts[index]!, outputs, inputs, column, width, rowOf });
        column += outputs;
      });
      return whole;
    },
  };
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
