import { broadcast_util, type TensorInfo } from '@tensorflow/tfjs-core';
import { like, type ShapeCall, type ShapeKernels, sameKernel } from './shape-kernel.js';

const broadcast = (a: TensorInfo, b: TensorInfo): number[] =>
  broadcast_util.assertAndGetBroadcastShape(a.shape, b.shape);

const both = ({ inputs: { a, b } }: ShapeCall) => ({ shape: broadcast(a!, b!), dtype: a!.dtype });

const compared = ({ inputs: { a, b } }: ShapeCall) => ({
  shape: broadcast(a!, b!),
  dtype: 'bool' as const,
});

/** Kernels whose results have one value for each value of their inputs. */
export const ELEMENTWISE_KERNELS: ShapeKernels = {
  ...sameKernel(
    ['Add', 'Sub', 'Multiply', 'Maximum', 'Minimum', 'FloorDiv', 'Mod', 'Pow', 'SquaredDifference', 'Atan2'],
    both,
  ),
  RealDiv: (call) => ({ ...both(call), dtype: 'float32' }),
  ...sameKernel(
    [
      ...['Equal', 'NotEqual', 'Greater', 'GreaterEqual', 'Less', 'LessEqual', 'LogicalAnd', 'LogicalOr'],
      'LogicalXor',
    ],
    compared,
  ),
  ...sameKernel(
    [
      ...[
        'Abs',
        'Ceil',
        'ClipByValue',
        'Floor',
        'FusedBatchNorm',
        'Neg',
        'OnesLike',
        'Prelu',
        'Relu',
        'Relu6',
      ],
      ...['Round', 'Sign', 'Square', 'ZerosLike'],
    ],
    ({ inputs: { x } }) => like(x!),
  ),
  ...sameKernel(
    [
      ...['Acos', 'Acosh', 'Asin', 'Asinh', 'Atan', 'Atanh', 'Cos', 'Cosh', 'Elu', 'Erf', 'Exp', 'Expm1'],
      ...['LeakyRelu', 'Log', 'Log1p', 'Reciprocal', 'Rsqrt', 'Selu', 'Sigmoid', 'Sin', 'Sinh', 'Softplus'],
      ...['Sqrt', 'Step', 'Tan', 'Tanh'],
    ],
    ({ inputs: { x } }) => ({ shape: x!.shape, dtype: 'float32' }),
  ),
  ...sameKernel(['IsFinite', 'IsInf', 'IsNan', 'LogicalNot'], ({ inputs: { x } }) => ({
    shape: x!.shape,
    dtype: 'bool',
  })),
  AddN: ({ inputs }) => like(Object.values(inputs)[0]!),
  EluGrad: ({ inputs: { dy } }) => like(dy!),
  Cast: ({ inputs: { x }, attrs }) => ({
    shape: x!.shape,
    dtype: attrs.dtype,
    ...(attrs.dtype === x!.dtype && { sharing: x! }),
  }),
  Select: ({ inputs: { t, e } }) => ({ shape: broadcast(t!, e!), dtype: t!.dtype }),
  Softmax: ({ inputs: { logits } }) => ({ shape: logits!.shape, dtype: 'float32' }),
  LogSoftmax: ({ inputs: { logits } }) => ({ shape: logits!.shape, dtype: 'float32' }),
};
