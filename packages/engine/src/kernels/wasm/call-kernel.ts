import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import {
  getKernel,
  type NamedAttrMap,
  type NamedTensorInfoMap,
  type TensorInfo,
} from '@tensorflow/tfjs-core';

/** Runs one of the backend's kernels from inside another; the caller disposes of the result. */
export function callKernel(
  backend: BackendWasm,
  name: string,
  inputs: Record<string, TensorInfo>,
  attrs: Record<string, unknown> = {},
): TensorInfo {
  const kernel = getKernel(name, 'wasm');
  if (!kernel) throw new Error(`the wasm backend has no kernel '${name}'`);
  const call = { inputs: inputs as NamedTensorInfoMap, attrs: attrs as NamedAttrMap, backend };
  return kernel.kernelFunc(call) as TensorInfo;
}
