import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';
import { util } from '@tensorflow/tfjs-core';

interface GatherCall {
  readonly inputs: { readonly x: TensorInfo; readonly indices: TensorInfo };
  readonly attrs: { readonly axis: number; readonly batchDims: number };
  readonly backend: BackendWasm;
}

/** A gather along the first axis copies whole rows; any other is left to the backend's kernel, which goes value by value. */
export function gatherRows(stock: KernelFunc): KernelFunc {
  const gather = (call: GatherCall): TensorInfo => {
    const { inputs, attrs, backend } = call;
    const { x, indices } = inputs;
    if (attrs.axis !== 0 || attrs.batchDims !== 0 || indices.dtype !== 'int32') {
      return stock(call as unknown as Parameters<KernelFunc>[0]) as TensorInfo;
    }
    const rowShape = x.shape.slice(1);
    const output = backend.makeOutput([...indices.shape, ...rowShape], x.dtype);
    const width = util.sizeFromShape(rowShape);
    const from = backend.typedArrayFromHeap(x);
    const to = backend.typedArrayFromHeap(output);
    const rows = backend.typedArrayFromHeap(indices);
    for (let index = 0; index < rows.length; index++) {
      const row = rows[index]!;
      util.assert(
        row >= 0 && row < x.shape[0]!,
        () => `gather: index ${row} is outside 0..${x.shape[0]! - 1}.`,
      );
      if (width === 1) to[index] = from[row]!;
      else to.set(from.subarray(row * width, (row + 1) * width), index * width);
    }
    return output;
  };
  return gather as unknown as KernelFunc;
}
