import type { TensorInfo } from '@tensorflow/tfjs-core';
import { util } from '@tensorflow/tfjs-core';
import { kernelModule } from '../module/kernel-module.js';
import { type OwnKernelCall, offsetOf } from './own-kernel-call.js';

interface Scaled {
  readonly scale: number;
}

/** `softmax(scale x + bias)` over the last axis; a bias needs x `[B, H, T, S]` and is broadcast to it. */
export function softmaxKernel({
  inputs,
  attrs,
  backend,
}: OwnKernelCall<{ x: TensorInfo; bias?: TensorInfo }, Scaled>): TensorInfo {
  const { x, bias } = inputs;
  const columns = x.shape.at(-1)!;
  const output = backend.makeOutput(x.shape, 'float32');
  const rows = util.sizeFromShape(x.shape.slice(0, -1));
  if (rows * columns === 0) return output;
  const [heads, queries] = bias ? x.shape.slice(1, 3) : [1, 1];
  const [batchStep, headStep, queryStep, keyStep] = bias ? steps(bias.shape) : [0, 0, 0, 0];
  const { kernels, context } = kernelModule(backend);
  kernels.softmax(
    context,
    offsetOf(backend, x),
    offsetOf(backend, bias),
    offsetOf(backend, output),
    rows,
    columns,
    heads!,
    queries!,
    batchStep,
    headStep,
    queryStep,
    keyStep,
    attrs.scale,
  );
  return output;
}

/** How many values lie between neighbours along each of four axes: 0 along those that are repeated. */
function steps(shape: readonly number[]): [number, number, number, number] {
  const result: [number, number, number, number] = [0, 0, 0, 0];
  let stride = 1;
  for (let back = 1; back <= shape.length; back++) {
    const size = shape[shape.length - back]!;
    if (size !== 1) result[4 - back] = stride;
    stride *= size;
  }
  return result;
}

/** Its gradient by x, from the probabilities. */
export function softmaxGradient({
  inputs,
  attrs,
  backend,
}: OwnKernelCall<{ probabilities: TensorInfo; dy: TensorInfo }, Scaled>): TensorInfo {
  const { probabilities, dy } = inputs;
  const columns = probabilities.shape.at(-1)!;
  const output = backend.makeOutput(probabilities.shape, 'float32');
  const rows = util.sizeFromShape(probabilities.shape.slice(0, -1));
  const { kernels, context } = kernelModule(backend);
  kernels.softmax_gradient(
    context,
    offsetOf(backend, probabilities),
    offsetOf(backend, dy),
    offsetOf(backend, output),
    rows,
    columns,
    attrs.scale,
  );
  return output;
}
