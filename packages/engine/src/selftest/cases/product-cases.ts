import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { matMul as coreMatMul, einsum } from '@tensorflow/tfjs-core';
import { embedding } from '../../ops/embedding.js';
import { linear } from '../../ops/linear.js';
import { matMul } from '../../ops/mat-mul.js';
import { type Array64, mapRows64 } from '../array64.js';
import { type CaseInput, casesOf, drawnInputs, type OpCase } from '../op-case.js';

/** Product of stacks of matrices, each transposed or not; a stack of one is stretched. */
export function product64(a: Array64, b: Array64, transposeA = false, transposeB = false): Array64 {
  const [rows, inner] = matrixSize(a, transposeA);
  const columns = matrixSize(b, transposeB)[1];
  const stacks = [a, b].map(({ shape }) => shape.slice(0, -2).reduce((product, size) => product * size, 1));
  const count = stacks.includes(0) ? 0 : Math.max(...stacks);
  const values = new Float64Array(count * rows * columns);
  for (let stack = 0; stack < count; stack++) {
    const [startA, startB] = [(stack % stacks[0]!) * rows * inner, (stack % stacks[1]!) * inner * columns];
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++) {
        let total = 0;
        for (let k = 0; k < inner; k++)
          total +=
            a.values[startA + (transposeA ? k * rows + row : row * inner + k)]! *
            b.values[startB + (transposeB ? column * inner + k : k * columns + column)]!;
        values[(stack * rows + row) * columns + column] = total;
      }
  }
  const outer = stacks[0]! >= stacks[1]! ? a.shape.slice(0, -2) : b.shape.slice(0, -2);
  return { shape: [...outer, rows, columns], values };
}

function matrixSize({ shape }: Array64, transposed: boolean): [number, number] {
  const [rows, columns] = shape.slice(-2) as [number, number];
  return transposed ? [columns, rows] : [rows, columns];
}

const SIZES: readonly (readonly [detail: string, rows: number, inner: number, columns: number])[] = [
  ['', 5, 7, 6],
  ['one by one', 1, 1, 1],
  ['one row', 1, 33, 17],
  ['one column', 19, 8, 1],
  ['no rows', 0, 4, 3],
  ['no columns', 3, 4, 0],
  ['larger than a block', 67, 129, 35],
];

const forms = [false, true].flatMap((a) => [false, true].map((b) => [a, b] as const));

function factors(stack: readonly number[], sizes: readonly [number, number, number], a: boolean, b: boolean) {
  const [rows, inner, columns] = sizes;
  return drawnInputs(
    [...stack, ...(a ? [inner, rows] : [rows, inner])],
    [...stack, ...(b ? [columns, inner] : [inner, columns])],
  );
}

export const PRODUCT_CASES: readonly OpCase[] = [
  ...forms.flatMap(([transposeA, transposeB]) =>
    casesOf(
      `matMul${transposeA ? ', first transposed' : ''}${transposeB ? ', second transposed' : ''}`,
      [
        ...SIZES.map(
          ([detail, ...sizes]) => [detail, ...factors([], sizes, transposeA, transposeB)] as const,
        ),
        ['a stack', ...factors([6], [5, 8, 7], transposeA, transposeB)] as const,
        ['a large stack', ...factors([48], [30, 16, 30], transposeA, transposeB)] as const,
      ],
      (a, b) => matMul(a!, b!, { transposeA, transposeB }),
      (a, b) => product64(a!, b!, transposeA, transposeB),
    ),
  ),
  ...casesOf(
    'matMul, one factor for a stack',
    [
      ['second alone', ...drawnInputs([4, 3, 5], [1, 5, 2])],
      ['first alone', ...drawnInputs([1, 3, 5], [4, 5, 2])],
    ],
    (a, b) => coreMatMul(a!, b!),
    (a, b) => product64(a!, b!),
    // Core's gradient does not sum over what was stretched.
    { backward: false },
  ),
  ...casesOf(
    'linear',
    [
      ['', ...drawnInputs([9, 6], [6, 4], [4])],
      ['one row', ...drawnInputs([1, 6], [6, 4], [4])],
      ['no rows', ...drawnInputs([0, 6], [6, 4], [4])],
      ['a large batch', ...drawnInputs([480, 32], [32, 24], [24])],
    ],
    (x, weight, bias) => linear(x as Tensor2D, weight as Tensor2D, bias as Tensor1D),
    (x, weight, bias) => {
      const product = product64(x!, weight!);
      return mapRows64(product, bias!.values.length, (row) =>
        row.map((value, i) => value + bias!.values[i]!),
      );
    },
  ),
  ...casesOf(
    'einsum',
    [['a product', ...drawnInputs([3, 4], [4, 5])]],
    (a, b) => einsum('ij,jk->ik', a!, b!),
    (a, b) => product64(a!, b!),
  ),
  ...casesOf(
    'embedding',
    [
      ['', { shape: [7, 5] }, ids([6, 0, 3, 3], [4])],
      ['one row', { shape: [1, 5] }, ids([0], [1])],
      ['of a matrix of ids', { shape: [7, 3] }, ids([6, 0, 3, 3, 2, 1], [2, 3])],
      ['no ids', { shape: [7, 5] }, ids([], [0])],
    ],
    (table, index) => embedding(table as Tensor2D, index!),
    (table, index) => {
      const [, width] = table!.shape as [number, number];
      const rows = [...index!.values].flatMap((row) => [
        ...table!.values.subarray(row * width, (row + 1) * width),
      ]);
      return { shape: [...index!.shape, width], values: Float64Array.from(rows) };
    },
  ),
];

function ids(integers: readonly number[], shape: readonly number[]): CaseInput {
  return { shape, integers };
}
