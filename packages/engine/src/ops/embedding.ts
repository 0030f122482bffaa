import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { gather, reshape, unsortedSegmentSum } from '@tensorflow/tfjs-core';
import { quantisedRows } from '../quantised/quantised-linear.js';
import { QuantisedMatrix } from '../quantised/quantised-matrix.js';
import { assertArgument, assertShape } from './assert-shape.js';
import { differentiable } from './differentiable.js';

/**
 * Rows of a table by index.
 * @param table `[V, D]`; of one in blocks no gradient is taken
 * @param ids int32, any shape, each in [0, V)
 * @returns the shape of `ids` with D added at the end
 */
export function embedding<Output extends Tensor = Tensor>(
  table: Tensor2D | QuantisedMatrix,
  ids: Tensor,
): Output {
  assertArgument('embedding', ids.dtype === 'int32', `ids have type ${ids.dtype} where int32 is needed.`);
  if (table instanceof QuantisedMatrix) return quantisedRows(table, ids) as Output;
  assertShape('embedding', 'table', table, [null, null]);
  const [rowCount, width] = table.shape;
  return differentiable({
    inputs: { table },
    forward: (save) => {
      save([ids]);
      return gather(table, ids) as Tensor as Output; // [..., D]
    },
    gradients: (dy, [saved]) => ({
      table: () => {
        const rows = reshape(dy, [ids.size, width]); // [N, D]
        return unsortedSegmentSum(rows, reshape(saved!, [ids.size]) as Tensor1D, rowCount); // [V, D]
      },
    }),
  });
}
