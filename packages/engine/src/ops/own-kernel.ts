import type { NamedAttrMap, NamedTensorMap, Tensor } from '@tensorflow/tfjs-core';
import { engine, getBackend, getKernel } from '@tensorflow/tfjs-core';

/** Kernels beyond TensorFlow.js' own, by which an engine may replace an op's plain TensorFlow.js ops. */
export type OwnKernelName =
  | 'EimAdamW'
  | 'EimBlockProduct'
  | 'EimBlockProductGradient'
  | 'EimBlockRows'
  | 'EimColumnSums'
  | 'EimCrossEntropy'
  | 'EimCrossEntropyGradient'
  | 'EimDecodeRows'
  | 'EimFastBlockProduct'
  | 'EimGate'
  | 'EimGateGradient'
  | 'EimGlobalNorm'
  | 'EimHeadGather'
  | 'EimHeadMix'
  | 'EimHeadScores'
  | 'EimNormalise'
  | 'EimNormaliseGradient'
  | 'EimSoftmax'
  | 'EimSoftmaxGradient';

/** Whether the engine that runs has a kernel of ours; an op that finds none uses plain TensorFlow.js ops. */
export function hasOwnKernel(name: OwnKernelName): boolean {
  return getKernel(name, getBackend()) !== undefined;
}

/**
 * Runs a kernel of ours. It has no gradient of its own: call it inside an op that has.
 * @param inputs those that are undefined are left out
 */
export function runOwnKernel<Result extends Tensor | Tensor[] = Tensor>(
  name: OwnKernelName | '_FusedMatMul',
  inputs: Readonly<Record<string, Tensor | undefined>>,
  attributes: Readonly<Record<string, unknown>> = {},
): Result {
  return engine().runKernel(name, inputs as NamedTensorMap, attributes as NamedAttrMap) as
    | Tensor
    | Tensor[] as Result;
}
