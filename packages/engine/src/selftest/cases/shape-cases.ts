import * as tf from '@tensorflow/tfjs-core';
import { type Array64, array64, indexOf, positionOf, sizeOf } from '../array64.js';
import { casesOf, drawnInputs, type OpCase } from '../op-case.js';

/** An array whose every position takes the value of a position of another; undefined gives 0. */
function rearranged(
  x: Array64,
  shape: readonly number[],
  from: (position: number[]) => number[] | undefined,
): Array64 {
  return array64(shape, (index) => {
    const position = from(positionOf(index, shape));
    return position ? x.values[indexOf(position, x.shape)]! : 0;
  });
}

function transposeCases(detail: string, shape: readonly number[], order: readonly number[]): OpCase[] {
  return casesOf(
    'transpose',
    [[detail, { shape }]],
    (x) => tf.transpose(x!, [...order]),
    (x) =>
      rearranged(
        x!,
        order.map((axis) => shape[axis]!),
        (position) => shape.map((_, axis) => position[order.indexOf(axis)]!),
      ),
  );
}

/** Sums, means and maxima over axes. */
function reduction(
  op: string,
  run: (x: tf.Tensor, axes: number[], keep: boolean) => tf.Tensor,
  combine: (values: number[]) => number,
): OpCase[] {
  const variants: [detail: string, shape: number[], axes: number[], keep: boolean][] = [
    ['last axis', [4, 6], [1], false],
    ['first axis', [4, 6], [0], false],
    ['kept', [3, 4, 5], [2], true],
    ['two axes', [3, 4, 5], [0, 2], false],
    ['all', [3, 4], [0, 1], false],
    ['one row', [1, 7], [1], false],
    ['many', [480, 33], [0], false],
  ];
  return variants.flatMap(([detail, shape, axes, keep]) =>
    casesOf(
      op,
      [[detail, { shape }]],
      (x) => run(x!, axes, keep),
      (x) => {
        const kept = shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
        const groups: number[][] = Array.from({ length: sizeOf(kept) }, () => []);
        for (const [index, value] of x!.values.entries())
          groups[indexOf(positionOf(index, shape), kept)]!.push(value);
        const resultShape = keep ? kept : shape.filter((_, axis) => !axes.includes(axis));
        return array64(resultShape, (index) => combine(groups[index]!));
      },
    ),
  );
}

const total = (values: number[]): number => values.reduce((sum, value) => sum + value, 0);

export const SHAPE_CASES: readonly OpCase[] = [
  ...transposeCases('', [3, 5], [1, 0]),
  ...transposeCases('heads apart', [4, 7, 3, 5], [0, 2, 1, 3]),
  ...transposeCases('one row', [1, 6], [1, 0]),
  ...transposeCases('nothing', [0, 6], [1, 0]),
  ...transposeCases('many', [8, 30, 4, 8], [0, 2, 1, 3]),
  ...casesOf(
    'reshape',
    [['of a transposed', ...drawnInputs([4, 6])]],
    (x) => tf.reshape(tf.transpose(x!), [3, 8]),
    (x) => {
      const turned = rearranged(x!, [6, 4], ([row, column]) => [column!, row!]);
      return { shape: [3, 8], values: turned.values };
    },
  ),
  ...casesOf(
    'slice',
    [['', ...drawnInputs([5, 6, 3])]],
    (x) => tf.slice(x!, [1, 2, 0], [3, 4, 2]),
    (x) => rearranged(x!, [3, 4, 2], ([a, b, c]) => [a! + 1, b! + 2, c!]),
  ),
  ...casesOf(
    'concat',
    [
      ['', ...drawnInputs([2, 3], [2, 4])],
      ['with nothing', ...drawnInputs([2, 0], [2, 4])],
    ],
    (a, b) => tf.concat([a!, b!], 1),
    (a, b) => {
      const first = a!.shape[1]!;
      return array64([2, first + 4], (index) => {
        const [row, column] = positionOf(index, [2, first + 4]) as [number, number];
        return column < first ? a!.values[row * first + column]! : b!.values[row * 4 + column - first]!;
      });
    },
  ),
  ...casesOf(
    'stack',
    [['', ...drawnInputs([2, 3], [2, 3])]],
    (a, b) => tf.stack([a!, b!]),
    (a, b) => ({ shape: [2, 2, 3], values: Float64Array.of(...a!.values, ...b!.values) }),
  ),
  ...casesOf(
    'pad',
    [['', ...drawnInputs([2, 3])]],
    (x) =>
      tf.pad(x!, [
        [1, 0],
        [0, 2],
      ]),
    (x) =>
      rearranged(x!, [3, 5], ([row, column]) => (row! > 0 && column! < 3 ? [row! - 1, column!] : undefined)),
  ),
  ...casesOf(
    'tile',
    [['', ...drawnInputs([2, 3])]],
    (x) => tf.tile(x!, [3, 2]),
    (x) => rearranged(x!, [6, 6], ([row, column]) => [row! % 2, column! % 3]),
  ),
  ...casesOf(
    'gather',
    [
      ['rows', { shape: [5, 3] }, { shape: [4], integers: [4, 0, 2, 2] }],
      ['one', { shape: [1, 3] }, { shape: [1], integers: [0] }],
    ],
    (x, rows) => tf.gather(x!, rows as tf.Tensor1D),
    (x, rows) => rearranged(x!, [rows!.values.length, 3], ([row, column]) => [rows!.values[row!]!, column!]),
  ),
  ...casesOf(
    'unsortedSegmentSum',
    [['', { shape: [4, 3] }, { shape: [4], integers: [2, 0, 2, 5] }]],
    (x, segments) => tf.unsortedSegmentSum(x!, segments as tf.Tensor1D, 6),
    (x, segments) => {
      const sums = new Float64Array(18);
      for (const [index, value] of x!.values.entries())
        sums[segments!.values[Math.floor(index / 3)]! * 3 + (index % 3)]! += value;
      return { shape: [6, 3], values: sums };
    },
  ),
  ...reduction('sum', tf.sum, total),
  ...reduction('mean', tf.mean, (values) => total(values) / values.length),
  ...reduction('max', tf.max, (values) => Math.max(...values)),
];
