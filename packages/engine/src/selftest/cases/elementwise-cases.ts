import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { quickGelu, relu, silu, tanh } from '../../ops/activations.js';
import { gelu } from '../../ops/gelu.js';
import { type Array64, array64, indexOf, map64, positionOf } from '../array64.js';
import { type CaseInput, casesOf, drawnInputs, type OpCase } from '../op-case.js';

const sigmoid64 = (x: number): number => 1 / (1 + Math.exp(-x));

const SHAPES: readonly (readonly [detail: string, shape: readonly number[]])[] = [
  ['', [4, 7]],
  ['one value', [1]],
  ['nothing', [0, 3]],
  ['three axes', [2, 3, 5]],
  ['many', [480, 33]],
];

function unary(op: string, run: (x: Tensor) => Tensor, value: (x: number) => number, scale = 3): OpCase[] {
  const variants = SHAPES.map(([detail, shape]) => [detail, { shape, scale }] as const);
  return casesOf(
    op,
    variants,
    (x) => run(x!),
    (x) => map64(x!, value),
  );
}

/** Functions that need arguments above 0. */
function positive(op: string, run: (x: Tensor) => Tensor, value: (x: number) => number): OpCase[] {
  const values = [0.25, 0.5, 1, 1.75, 3, 9.5];
  return casesOf(
    op,
    [['', { shape: [2, 3], values }]],
    (x) => run(x!),
    (x) => map64(x!, value),
  );
}

const BROADCASTS: readonly (readonly [detail: string, ...inputs: CaseInput[]])[] = [
  ['', ...drawnInputs([3, 4], [3, 4])],
  ['by row', ...drawnInputs([5, 4], [4])],
  ['by column', ...drawnInputs([5, 4], [5, 1])],
  ['by a scalar', ...drawnInputs([5, 4], [])],
  ['scalar first', ...drawnInputs([], [5, 4])],
  ['both stretched', ...drawnInputs([2, 1, 3, 1], [1, 4, 1, 5])],
  ['nothing', ...drawnInputs([0, 4], [4])],
  ['many', ...drawnInputs([480, 33], [33])],
];

function binary(
  op: string,
  run: (a: Tensor, b: Tensor) => Tensor,
  value: (a: number, b: number) => number,
  variants = BROADCASTS,
  options: Pick<OpCase, 'backward'> = {},
): OpCase[] {
  return casesOf(
    op,
    variants,
    (a, b) => run(a!, b!),
    (a, b) => broadcast64(a!, b!, value),
    options,
  );
}

function broadcast64(a: Array64, b: Array64, value: (a: number, b: number) => number): Array64 {
  const rank = Math.max(a.shape.length, b.shape.length);
  const padded = [a, b].map(({ shape }) => [...Array<number>(rank - shape.length).fill(1), ...shape]);
  const shape = padded[0]!.map((size, axis) => (size === 1 ? padded[1]![axis]! : size));
  return array64(shape, (index) => {
    const position = positionOf(index, shape);
    return value(a.values[indexOf(position, a.shape)]!, b.values[indexOf(position, b.shape)]!);
  });
}

const awayFromZero = Array.from({ length: 12 }, (_, index) => (index % 2 ? -1 : 1) * (0.5 + index / 4));

export const ELEMENTWISE_CASES: readonly OpCase[] = [
  ...unary('gelu', gelu, (x) => x * sigmoid64(2 * Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3))),
  ...unary('quickGelu', quickGelu, (x) => x * sigmoid64(1.702 * x)),
  ...unary('silu', silu, (x) => x * sigmoid64(x)),
  ...unary('relu', relu, (x) => Math.max(x, 0)),
  ...unary('relu6', tf.relu6, (x) => Math.min(Math.max(x, 0), 6), 9),
  ...unary('tanh', tanh, Math.tanh),
  ...unary('sigmoid', tf.sigmoid, sigmoid64),
  ...unary('exp', tf.exp, Math.exp),
  ...unary('square', tf.square, (x) => x * x),
  ...unary('neg', tf.neg, (x) => -x),
  ...unary('abs', tf.abs, Math.abs),
  ...positive('log', tf.log, Math.log),
  ...positive('sqrt', tf.sqrt, Math.sqrt),
  ...positive('rsqrt', tf.rsqrt, (x) => 1 / Math.sqrt(x)),
  ...binary('add', tf.add, (a, b) => a + b),
  ...binary('sub', tf.sub, (a, b) => a - b),
  ...binary('mul', tf.mul, (a, b) => a * b),
  // Core's gradients of these two do not know stretched shapes.
  ...binary('maximum', tf.maximum, Math.max, BROADCASTS.slice(0, 1)),
  ...binary('maximum', tf.maximum, Math.max, BROADCASTS.slice(1), { backward: false }),
  ...binary('minimum', tf.minimum, Math.min, BROADCASTS.slice(0, 1)),
  ...binary('minimum', tf.minimum, Math.min, BROADCASTS.slice(1), { backward: false }),
  ...binary('div', tf.div, (a, b) => a / b, [
    ['', { shape: [3, 4] }, { shape: [3, 4], values: awayFromZero }],
    ['by column', { shape: [3, 4] }, { shape: [3, 1], values: [0.5, -2, 4] }],
  ]),
  ...casesOf(
    'where',
    [['', { shape: [2, 3], integers: [1, 0, 1, 0, 0, 1] }, ...drawnInputs([2, 3], [2, 3])]],
    (condition, a, b) => tf.where(tf.cast(condition!, 'bool'), a!, b!),
    (condition, a, b) => map64(a!, (value, i) => (condition!.values[i] ? value : b!.values[i]!)),
  ),
  ...casesOf(
    'clipByValue',
    [['', { shape: [4, 5], scale: 2 }]],
    (x) => tf.clipByValue(x!, -1, 0.5),
    (x) => map64(x!, (value) => Math.min(Math.max(value, -1), 0.5)),
  ),
  ...casesOf(
    'cast',
    [['to float32', { shape: [3], integers: [1, 0, -7] }]],
    (x) => tf.cast(x!, 'float32'),
    (x) => x!,
    { backward: false },
  ),
];
