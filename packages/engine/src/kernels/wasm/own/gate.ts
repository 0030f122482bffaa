import type { TensorInfo } from '@tensorflow/tfjs-core';
import { util } from '@tensorflow/tfjs-core';
import { kernelModule } from '../module/kernel-module.js';
import { type OwnKernelCall, offsetOf } from './own-kernel-call.js';

interface Attributes {
  readonly slope: number;
  readonly cubic: number;
}

/** `x sigmoid(slope (x + cubic x^3))`, any shape. */
export function gate({ inputs, attrs, backend }: OwnKernelCall<{ x: TensorInfo }, Attributes>): TensorInfo {
  const { x } = inputs;
  const output = backend.makeOutput(x.shape, 'float32');
  const { kernels, context } = kernelModule(backend);
  const size = util.sizeFromShape(x.shape);
  kernels.gate(context, offsetOf(backend, x), offsetOf(backend, output), size, attrs.slope, attrs.cubic);
  return output;
}

/** Its gradient by x. */
export function gateGradient({
  inputs,
  attrs,
  backend,
}: OwnKernelCall<{ x: TensorInfo; dy: TensorInfo }, Attributes>): TensorInfo {
  const { x, dy } = inputs;
  const output = backend.makeOutput(x.shape, 'float32');
  const { kernels, context } = kernelModule(backend);
  const [from, slopes, to] = [x, dy, output].map((info) => offsetOf(backend, info)) as [
    number,
    number,
    number,
  ];
  kernels.gate_gradient(context, from, slopes, to, util.sizeFromShape(x.shape), attrs.slope, attrs.cubic);
  return output;
}
