import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { add, addN, concat, slice } from '@tensorflow/tfjs-core';
import { assertArgument } from '../ops/assert-shape.js';
import { columnSums } from '../ops/column-sums.js';
import { differentiable } from '../ops/differentiable.js';
import { runOwnKernel } from '../ops/own-kernel.js';
import { BLOCK_FORMAT_NUMBERS } from './block-format-numbers.js';
import { isFast } from './compute-mode.js';
import type { QuantisedMatrix, RowsInBlocks } from './quantised-matrix.js';
import { widenedGradient, widenedProduct, widenedRows } from './widened-product.js';

/** What a kernel has to know of some rows. */
const attributes = ({ store, first, rows }: RowsInBlocks, columns: number) => ({
  format: BLOCK_FORMAT_NUMBERS[store.format.name]!,
  rowBytes: store.rowBytes,
  first,
  rows,
  columns,
});

/**
 * `x W^T + b` with rows of W in blocks: the product with a linear layer's weight as published files have it.
 * @param x `[N, columns]`
 * @param bias `[rows]`
 * @returns `[N, rows]`
 */
export function quantisedLinear(x: Tensor2D, matrix: QuantisedMatrix, bias?: Tensor1D): Tensor2D {
  const { parts, columns } = matrix;
  // asked for here, as inside of the operation no gradient seems to be taken
  const fast = parts.map(({ store }) => isFast(matrix, store.format.name));
  const forward = (): Tensor2D => {
    const products = parts.map((part, index) => partProduct(x, part, columns, fast[index]!)); // [N, part rows] each
    const product = products.length === 1 ? products[0]! : (concat(products, 1) as Tensor2D); // [N, rows]
    return bias ? add<Tensor2D>(product, bias) : product;
  };
  const gradients = (dy: Tensor2D) => ({
    x: () => inputGradient(dy, parts, columns), // [N, columns]
    bias: () => columnSums(dy), // [rows]
  });
  return bias
    ? differentiable({ inputs: { x, bias }, forward, gradients })
    : differentiable({ inputs: { x }, forward, gradients });
}

function partProduct(x: Tensor2D, part: RowsInBlocks, columns: number, fast: boolean): Tensor2D {
  const { tensor } = part.store;
  if (tensor === undefined) return widenedProduct(x, part, columns);
  const kernel = fast ? 'EimFastBlockProduct' : 'EimBlockProduct';
  return runOwnKernel<Tensor2D>(kernel, { x, blocks: tensor }, attributes(part, columns));
}

/** `dy W`, summed over the parts. @returns `[N, columns]` */
function inputGradient(dy: Tensor2D, parts: readonly RowsInBlocks[], columns: number): Tensor2D {
  let start = 0;
  const gradients = parts.map((part) => {
    const own = parts.length === 1 ? dy : slice(dy, [0, start], [-1, part.rows]); // [N, part rows]
    start += part.rows;
    return partGradient(own, part, columns); // [N, columns]
  });
  return gradients.length === 1 ? gradients[0]! : (addN(gradients) as Tensor2D);
}

function partGradient(dy: Tensor2D, part: RowsInBlocks, columns: number): Tensor2D {
  const { tensor } = part.store;
  if (tensor === undefined) return widenedGradient(dy, part, columns);
  const inputs = { dy, blocks: tensor };
  return runOwnKernel<Tensor2D>('EimBlockProductGradient', inputs, attributes(part, columns));
}

/**
 * Rows of a matrix in blocks, by index.
 * @param ids int32, any shape, each in [0, rows)
 * @returns the shape of `ids` with the columns added at the end
 */
export function quantisedRows(matrix: QuantisedMatrix, ids: Tensor): Tensor {
  const [part, another] = matrix.parts as readonly [RowsInBlocks, RowsInBlocks?];
  assertArgument(
    'embedding',
    another === undefined,
    `a table in ${matrix.format} has rows of several formats.`,
  );
  return part.store.tensor === undefined
    ? widenedRows(part, ids, matrix.columns)
    : runOwnKernel('EimBlockRows', { ids, blocks: part.store.tensor }, attributes(part, matrix.columns));
}
