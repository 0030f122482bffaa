import type { TensorInfo } from '@tensorflow/tfjs-core';
import { util } from '@tensorflow/tfjs-core';
import { kernelModule } from '../module/kernel-module.js';
import { type OwnKernelCall, offsetOf } from './own-kernel-call.js';

interface Smoothed {
  readonly labelSmoothing: number;
}

/**
 * The weighted mean loss of rows of logits `[N, V]` against class indices `[N]`. Returns it with, for every row, the
 * logarithm of its summed exponentials and its share of all weight.
 */
export function crossEntropyKernel({
  inputs,
  attrs,
  backend,
}: OwnKernelCall<{ logits: TensorInfo; targets: TensorInfo; weights: TensorInfo }, Smoothed>): TensorInfo[] {
  const { logits, targets, weights } = inputs;
  const [rows, classes] = logits.shape as [number, number];
  const logSums = backend.makeOutput([rows], 'float32');
  const losses = backend.makeOutput([rows], 'float32');
  const share = backend.makeOutput([rows], 'float32');
  const loss = backend.makeOutput([], 'float32');
  const { kernels, context } = kernelModule(backend);
  const outside = kernels.cross_entropy(
    context,
    offsetOf(backend, logits),
    offsetOf(backend, targets),
    offsetOf(backend, logSums),
    offsetOf(backend, losses),
    rows,
    classes,
    attrs.labelSmoothing,
  );
  util.assert(
    outside < 0,
    () =>
      `crossEntropy: target ${backend.typedArrayFromHeap(targets)[outside]} is outside 0..${classes - 1}.`,
  );
  const values = backend.typedArrayFromHeap(losses);
  const given = backend.typedArrayFromHeap(weights);
  const shares = backend.typedArrayFromHeap(share);
  let weight = 0;
  for (let row = 0; row < rows; row++) weight += given[row]!;
  let total = 0;
  for (let row = 0; row < rows; row++) {
    const part = weight === 0 ? 0 : given[row]! / weight;
    shares[row] = part;
    if (part !== 0) total += part * values[row]!;
  }
  backend.typedArrayFromHeap(loss)[0] = total;
  backend.disposeData(losses.dataId);
  return [loss, logSums, share];
}

/** Its gradient by the logits; dy is a scalar. */
export function crossEntropyGradient({
  inputs,
  attrs,
  backend,
}: OwnKernelCall<
  { logits: TensorInfo; targets: TensorInfo; logSums: TensorInfo; share: TensorInfo; dy: TensorInfo },
  Smoothed
>): TensorInfo {
  const { logits, targets, logSums, share, dy } = inputs;
  const [rows, classes] = logits.shape as [number, number];
  const output = backend.makeOutput(logits.shape, 'float32');
  const { kernels, context } = kernelModule(backend);
  kernels.cross_entropy_gradient(
    context,
    offsetOf(backend, logits),
    offsetOf(backend, targets),
    offsetOf(backend, logSums),
    offsetOf(backend, share),
    offsetOf(backend, dy),
    offsetOf(backend, output),
    rows,
    classes,
    attrs.labelSmoothing,
  );
  return output;
}
