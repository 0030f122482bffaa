import type { TensorInfo } from '@tensorflow/tfjs-core';
import { kernelModule } from '../module/kernel-module.js';
import { type OwnKernelCall, offsetOf } from './own-kernel-call.js';

interface Centred {
  /** Whether the mean is taken away: layer norm; not so in RMS norm. */
  readonly centred: boolean;
}

/** What `normalise` keeps of every row, `[N]`. */
interface Statistics {
  readonly means: TensorInfo;
  readonly scales: TensorInfo;
}

/** Rows `[N, D]` normalised, multiplied by a gain and moved by a bias. Returns the result, means and scales. */
export function normalise({
  inputs,
  attrs,
  backend,
}: OwnKernelCall<
  { x: TensorInfo; gain: TensorInfo; bias?: TensorInfo },
  Centred & { readonly epsilon: number }
>): TensorInfo[] {
  const { x, gain, bias } = inputs;
  const [rows, columns] = x.shape as [number, number];
  const output = backend.makeOutput(x.shape, 'float32');
  const means = backend.makeOutput(attrs.centred ? [rows] : [0], 'float32');
  const scales = backend.makeOutput([rows], 'float32');
  const { kernels, context } = kernelModule(backend);
  kernels.normalise(
    context,
    offsetOf(backend, x),
    offsetOf(backend, gain),
    offsetOf(backend, bias),
    offsetOf(backend, output),
    offsetOf(backend, means),
    offsetOf(backend, scales),
    rows,
    columns,
    attrs.centred ? 1 : 0,
    attrs.epsilon,
  );
  return [output, means, scales];
}

/** Its gradient by x, `[N, D]`. */
export function normaliseGradient({
  inputs,
  attrs,
  backend,
}: OwnKernelCall<{ x: TensorInfo; dy: TensorInfo; gain: TensorInfo } & Statistics, Centred>): TensorInfo {
  const { x, dy, gain, means, scales } = inputs;
  const [rows, columns] = x.shape as [number, number];
  const output = backend.makeOutput(x.shape, 'float32');
  const { kernels, context } = kernelModule(backend);
  kernels.normalise_gradient(
    context,
    offsetOf(backend, x),
    offsetOf(backend, dy),
    offsetOf(backend, gain),
    offsetOf(backend, means),
    offsetOf(backend, scales),
    offsetOf(backend, output),
    rows,
    columns,
    attrs.centred ? 1 : 0,
  );
  return output;
}

/** `[D]`: dy `[N, D]` summed down the columns, each value times the normalised x where x is given. */
export function columnSums({
  inputs,
  attrs,
  backend,
}: OwnKernelCall<{ dy: TensorInfo; x?: TensorInfo } & Partial<Statistics>, Partial<Centred>>): TensorInfo {
  const { dy, x, means, scales } = inputs;
  const [rows, columns] = dy.shape as [number, number];
  const output = backend.makeOutput([columns], 'float32');
  const { kernels, context } = kernelModule(backend);
  kernels.column_sums(
    context,
    offsetOf(backend, x),
    offsetOf(backend, dy),
    offsetOf(backend, means),
    offsetOf(backend, scales),
    offsetOf(backend, output),
    rows,
    columns,
    attrs.centred ? 1 : 0,
  );
  return output;
}
