import { backend_util, broadcast_util } from '@tensorflow/tfjs-core';
import { parseEinsum } from '../../kernels/parse-einsum.js';
import { like, type ResultShape, type ShapeCall, type ShapeKernels, sameKernel } from './shape-kernel.js';

/** `[..., M, K] x [..., K, N]`; what comes before the matrices is broadcast. */
function product({ inputs: { a, b }, attrs }: ShapeCall): ResultShape {
  const [left, right] = [a!.shape, b!.shape];
  const stacks = broadcast_util.assertAndGetBroadcastShape(left.slice(0, -2), right.slice(0, -2));
  const rows = left.at(attrs.transposeA ? -1 : -2)!;
  const columns = right.at(attrs.transposeB ? -2 : -1)!;
  return { shape: [...stacks, rows, columns], dtype: a!.dtype };
}

function einsum({ inputs, attrs }: ShapeCall): ResultShape {
  const { terms, output } = parseEinsum(String(attrs.equation));
  const operands = Object.values(inputs);
  const sizes = new Map<string, number>();
  for (const [index, term] of terms.entries())
    for (const [axis, label] of term.entries()) sizes.set(label, operands[index]!.shape[axis]!);
  return { shape: output.map((label) => sizes.get(label)!), dtype: operands[0]!.dtype };
}

type Four = [number, number, number, number];

const convolution =
  (depthwise: boolean) =>
  ({ inputs: { x, filter }, attrs }: ShapeCall): ResultShape => {
    const { strides, dilations = 1, pad, dimRoundingMode } = attrs;
    const { outShape } = backend_util.computeConv2DInfo(
      x!.shape as Four,
      filter!.shape as Four,
      strides,
      dilations,
      pad,
      dimRoundingMode,
      depthwise,
    );
    return { shape: outShape, dtype: x!.dtype };
  };

function pool({
  inputs: { x },
  attrs: { filterSize, strides, pad, dimRoundingMode },
}: ShapeCall): ResultShape {
  const { outShape } = backend_util.computePool2DInfo(
    x!.shape as Four,
    filterSize,
    strides,
    1,
    pad,
    dimRoundingMode,
  );
  return { shape: outShape, dtype: x!.dtype };
}

/** Matrix products, convolutions and the pools that go with them. */
export const PRODUCT_KERNELS: ShapeKernels = {
  ...sameKernel(['BatchMatMul', '_FusedMatMul'], product),
  Einsum: einsum,
  ...sameKernel(['Conv2D', 'FusedConv2D'], convolution(false)),
  ...sameKernel(['DepthwiseConv2dNative', 'FusedDepthwiseConv2D'], convolution(true)),
  ...sameKernel(
    ['Conv2DBackpropInput', 'DepthwiseConv2dNativeBackpropInput'],
    ({ inputs: { dy }, attrs }) => ({ shape: attrs.inputShape, dtype: dy!.dtype }),
  ),
  ...sameKernel(
    ['Conv2DBackpropFilter', 'DepthwiseConv2dNativeBackpropFilter'],
    ({ inputs: { dy }, attrs }) => ({ shape: attrs.filterShape, dtype: dy!.dtype }),
  ),
  ...sameKernel(['AvgPool', 'MaxPool'], pool),
  ...sameKernel(['AvgPoolGrad', 'MaxPoolGrad'], ({ inputs: { input } }) => like(input!)),
};
