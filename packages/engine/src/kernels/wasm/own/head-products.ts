import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { type KernelModule, kernelModule } from '../module/kernel-module.js';
import { type OwnKernelCall, offsetOf } from './own-kernel-call.js';

/** Sizes of an attention: B, H, G, T, S and d. */
export interface HeadSizes {
  readonly batch: number;
  readonly heads: number;
  readonly groups: number;
  readonly queries: number;
  readonly keys: number;
  readonly width: number;
}

type HeadProduct = 'head_scores' | 'head_mix' | 'head_gather';

function run(
  backend: BackendWasm,
  product: HeadProduct,
  [left, right]: readonly [TensorInfo, TensorInfo],
  shape: number[],
  { batch, heads, groups, queries, keys, width }: HeadSizes,
): TensorInfo {
  const output = backend.makeOutput(shape, 'float32');
  const { kernels, context }: KernelModule = kernelModule(backend);
  const [a, b, out] = [left, right, output].map((info) => offsetOf(backend, info)) as [
    number,
    number,
    number,
  ];
  kernels[product](context, a, b, out, batch, heads, groups, queries, keys, width);
  return output;
}

/** `x y^T` by head: rows x `[B*T, H*d]` and y `[B*S, G*d]` give `[B, H, T, S]`. */
export function headScores({
  inputs: { x, y },
  attrs,
  backend,
}: OwnKernelCall<{ x: TensorInfo; y: TensorInfo }, HeadSizes>): TensorInfo {
  const { batch, heads, queries, keys } = attrs;
  return run(backend, 'head_scores', [x, y], [batch, heads, queries, keys], attrs);
}

/** `p y` by head: p `[B, H, T, S]` and rows y `[B*S, G*d]` give `[B*T, H*d]`. */
export function headMix({
  inputs: { p, y },
  attrs,
  backend,
}: OwnKernelCall<{ p: TensorInfo; y: TensorInfo }, HeadSizes>): TensorInfo {
  return run(backend, 'head_mix', [p, y], [attrs.batch * attrs.queries, attrs.heads * attrs.width], attrs);
}

/** `p^T x` by head, summed over the heads of a group: p `[B, H, T, S]` and rows x `[B*T, H*d]` give `[B*S, G*d]`. */
export function headGather({
  inputs: { p, x },
  attrs,
  backend,
}: OwnKernelCall<{ p: TensorInfo; x: TensorInfo }, HeadSizes>): TensorInfo {
  return run(backend, 'head_gather', [p, x], [attrs.batch * attrs.keys, attrs.groups * attrs.width], attrs);
}
