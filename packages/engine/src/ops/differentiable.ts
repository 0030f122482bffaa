import type { NamedTensorMap, Tensor } from '@tensorflow/tfjs-core';
import { engine } from '@tensorflow/tfjs-core';

export type SaveTensors = (tensors: Tensor[]) => void;

export interface DifferentiableOp<Inputs extends NamedTensorMap, Output extends Tensor> {
  readonly inputs: Inputs;
  /** Computes the result; `save` keeps tensors for the gradients, in order. */
  readonly forward: (save: SaveTensors) => Output;
  /** One function per input. Those of inputs that nobody differentiates are never called. */
  readonly gradients: (outputGradient: Output, saved: Tensor[]) => { [Name in keyof Inputs]: () => Tensor };
}

/** The part of the engine behind `tf.customGrad` that core's types keep to themselves. */
interface KernelRunner {
  runKernelFunc(invocation: {
    forwardFunc: (backend: unknown, save: SaveTensors) => Tensor;
    backwardsFunc: (outputGradient: Tensor, saved: Tensor[]) => Record<string, () => Tensor>;
    inputs: NamedTensorMap;
  }): Tensor;
}

/**
 * An operation with gradients in closed form. Unlike `tf.customGrad`, which computes the gradient of every
 * input, only those that a frozen model still needs are computed.
 */
export function differentiable<Inputs extends NamedTensorMap, Output extends Tensor>(
  op: DifferentiableOp<Inputs, Output>,
): Output {
  const runner = engine() as unknown as KernelRunner;
  return runner.runKernelFunc({
    forwardFunc: (_backend, save) => op.forward(save),
    backwardsFunc: (outputGradient, saved) => op.gradients(outputGradient as Output, saved),
    inputs: op.inputs,
  }) as Output;
}
