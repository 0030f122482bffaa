import { backend_util, type DataType, util } from '@tensorflow/tfjs-core';
import { like, type ResultShape, type ShapeCall, type ShapeKernels, sameKernel } from './shape-kernel.js';

function reduced(
  { inputs: { x }, attrs }: ShapeCall,
  axes: number | number[],
  dtype: DataType = x!.dtype,
): ResultShape {
  const parsed = util.parseAxisParam(axes, x!.shape);
  const [shape] = backend_util.computeOutAndReduceShapes(x!.shape, parsed);
  return { shape: attrs.keepDims ? backend_util.expandShapeToKeepDim(shape, parsed) : shape, dtype };
}

/** Kernels that sum, compare or choose along axes. */
export const REDUCTION_KERNELS: ShapeKernels = {
  ...sameKernel(['Sum', 'Prod'], (call) =>
    reduced(call, call.attrs.axis, call.inputs.x!.dtype === 'bool' ? 'int32' : call.inputs.x!.dtype),
  ),
  Mean: (call) => reduced(call, call.attrs.axis, 'float32'),
  Max: (call) => reduced(call, call.attrs.reductionIndices),
  Min: (call) => reduced(call, call.attrs.axis),
  ...sameKernel(['All', 'Any'], (call) => reduced(call, call.attrs.axis, 'bool')),
  ...sameKernel(['ArgMax', 'ArgMin'], (call) => reduced(call, call.attrs.axis, 'int32')),
  ...sameKernel(['Cumsum', 'Cumprod'], ({ inputs: { x } }) => like(x!)),
  TopK: ({ inputs: { x }, attrs }) => {
    const shape = x!.shape.with(-1, attrs.k);
    return [
      { shape, dtype: x!.dtype },
      { shape, dtype: 'int32' },
    ];
  },
};
