import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';
import { util } from '@tensorflow/tfjs-core';
import { kernelModule } from './module/kernel-module.js';

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
    const count = util.sizeFromShape(indices.shape);
    const [from, ids, to] = [x, indices, output].map((info) => backend.getMemoryOffset(info.dataId));
    const bytes = util.bytesPerElement(x.dtype);
    const outside = kernelModule(backend).kernels.gather_rows(
      from!,
      ids!,
      to!,
      count,
      x.shape[0]!,
      width * bytes,
    );
    util.assert(
      outside < 0,
      () => `gather: index ${backend.typedArrayFromHeap(indices)[outside]} is outside 0..${x.shape[0]! - 1}.`,
    );
    return output;
  };
  return gather as unknown as KernelFunc;
}
