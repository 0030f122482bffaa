import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { wasmModule } from './wasm-module.js';

/** Plain products of matrices that lie anywhere in the backend's memory. */
export interface RawProduct {
  /**
   * `out = a b` for `a [rows, inner]`, `b [inner, columns]`; all three are byte offsets into the memory. XNNPACK
   * computes it from a packed copy of b.
   */
  multiply(a: number, b: number, out: number, rows: number, inner: number, columns: number): void;
}

const products = new WeakMap<BackendWasm, RawProduct>();

/** The raw product of a backend. */
export function rawProduct(backend: BackendWasm): RawProduct {
  let product = products.get(backend);
  if (!product) {
    product = createRawProduct(backend);
    products.set(backend, product);
  }
  return product;
}

function createRawProduct(backend: BackendWasm): RawProduct {
  const wasm = wasmModule(backend);
  const shapes = wasm._malloc(24) >>> 0;
  // Ids of our own, far from the backend's, which count up from 1.
  const [aId, bId, outId] = [0x7f000001, 0x7f000002, 0x7f000003];
  return {
    multiply: (a, b, out, rows, inner, columns) => {
      const dims = new Int32Array(wasm.HEAPU8.buffer, shapes, 6);
      dims[0] = 1;
      dims[1] = rows;
      dims[2] = inner;
      dims[3] = 1;
      dims[4] = inner;
      dims[5] = columns;
      wasm.tfjs.registerTensor(aId, rows * inner, a);
      wasm.tfjs.registerTensor(bId, inner * columns, b);
      wasm.tfjs.registerTensor(outId, rows * columns, out);
      wasm._BatchMatMul(aId, shapes, 3, bId, shapes + 12, 3, 0, 0, outId);
      wasm.tfjs.disposeData(aId);
      // Also drops the packed copy of b, which would otherwise be taken for the next one's.
      wasm.tfjs.disposeData(bId);
      wasm.tfjs.disposeData(outId);
    },
  };
}
