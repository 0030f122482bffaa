import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { TensorInfo } from '@tensorflow/tfjs-core';

interface IdentityCall {
  readonly inputs: { readonly x: TensorInfo };
  readonly backend: BackendWasm;
}

/** The same values under another tensor: counted, not copied as the backend's own kernel does. */
export function identity({ inputs, backend }: IdentityCall): TensorInfo {
  const { dataId, shape, dtype } = inputs.x;
  backend.incRef(dataId);
  return { dataId, shape, dtype };
}
