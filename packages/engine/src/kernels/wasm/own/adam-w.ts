import type { TensorInfo } from '@tensorflow/tfjs-core';
import { util } from '@tensorflow/tfjs-core';
import { kernelModule } from '../module/kernel-module.js';
import { type OwnKernelCall, offsetOf } from './own-kernel-call.js';

interface Attributes {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  /** 1 at the first step. */
  readonly step: number;
  readonly rate: number;
  /** Multiplies the parameter. */
  readonly decay: number;
}

/**
 * One step of AdamW on one parameter, in place. The parameter and its moments must be their data's only owners.
 * Returns the parameter.
 */
export function adamW({
  inputs,
  attrs,
  backend,
}: OwnKernelCall<
  { parameter: TensorInfo; gradient: TensorInfo; first: TensorInfo; second: TensorInfo; scale?: TensorInfo },
  Attributes
>): TensorInfo {
  const { parameter, gradient, first, second, scale } = inputs;
  const { beta1, beta2, epsilon, step, rate, decay } = attrs;
  const { kernels, context } = kernelModule(backend);
  kernels.adam_w(
    context,
    offsetOf(backend, parameter),
    offsetOf(backend, gradient),
    offsetOf(backend, first),
    offsetOf(backend, second),
    util.sizeFromShape(parameter.shape),
    offsetOf(backend, scale),
    beta1,
    1 - beta1,
    beta2,
    1 - beta2,
    1 / Math.sqrt(1 - beta2 ** step),
    epsilon,
    rate / (1 - beta1 ** step),
    decay,
  );
  return parameter;
}
