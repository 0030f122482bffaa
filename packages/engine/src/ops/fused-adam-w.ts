import type { NamedAttrMap, Scalar, Tensor, TensorInfo, Variable } from '@tensorflow/tfjs-core';
import { add, backend, getBackend, getKernel, type KernelBackend } from '@tensorflow/tfjs-core';

export interface FusedAdamWTensors {
  readonly variable: Variable;
  readonly gradient: Tensor;
  readonly first: Variable;
  readonly second: Variable;
  readonly scale: Scalar | undefined;
}

/** One parameter's step in one pass, in place: nothing is allocated. */
export function fusedAdamW(tensors: FusedAdamWTensors, attributes: NamedAttrMap): void {
  const current = backend();
  const { variable, gradient, first, second, scale } = tensors;
  for (const changed of [variable, first, second]) ownData(changed, current);
  const inputs: Record<string, TensorInfo> = { parameter: variable, gradient, first, second };
  if (scale) inputs.scale = scale;
  // Straight to the kernel: it makes no tensor for TensorFlow.js to keep count of.
  getKernel('EimAdamW', getBackend()).kernelFunc({ inputs, attrs: attributes, backend: current });
}

/** Gives a variable values of its own where a clone shares them, which must not see the change. */
function ownData(variable: Variable, current: KernelBackend): void {
  if (current.refCount(variable.dataId) === 1) return;
  const copy = add(variable, 0);
  variable.assign(copy);
  copy.dispose();
}
