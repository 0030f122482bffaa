import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { util } from '@tensorflow/tfjs-core';
import { multiplyStacks, type ProductAttributes } from './batch-mat-mul.js';
import { callKernel } from './call-kernel.js';

interface FusedMatMulCall {
  readonly inputs: {
    readonly a: TensorInfo;
    readonly b: TensorInfo;
    readonly bias?: TensorInfo;
    readonly preluActivationWeights?: TensorInfo;
  };
  readonly attrs: ProductAttributes & { readonly activation?: string; readonly leakyreluAlpha?: number };
  readonly backend: BackendWasm;
}

/** Activations that the product applies itself; their numbers in wasm-kernels/micro-kernel.h. */
const FUSED: Readonly<Record<string, number>> = { linear: 0, relu: 1, relu6: 2, leakyrelu: 3 };
/** Kernels for the rest. */
const AFTERWARDS: Readonly<Record<string, string>> = { elu: 'Elu', sigmoid: 'Sigmoid', prelu: 'Prelu' };

/** `activation(a b + bias)` in one pass; a bias that is not one value per column is added in a second. */
export function fusedMatMul({ inputs, attrs, backend }: FusedMatMulCall): TensorInfo {
  const { a, b, bias, preluActivationWeights: weights } = inputs;
  const name = attrs.activation ?? 'linear';
  util.assert(
    name in FUSED || name in AFTERWARDS,
    () => `fused matMul: there is no activation '${name}' on wasm.`,
  );
  const columns = b.shape[attrs.transposeB ? b.shape.length - 2 : b.shape.length - 1]!;
  const perColumn = bias !== undefined && bias.dtype === 'float32' && isRow(bias.shape, columns);
  const inProduct = name in FUSED && (bias === undefined || perColumn);
  let result = multiplyStacks(backend, a, b, attrs, {
    bias: perColumn ? backend.getMemoryOffset(bias.dataId) : 0,
    activation: inProduct ? FUSED[name]! : 0,
    slope: attrs.leakyreluAlpha ?? 0,
  });
  const then = (kernel: string, others: Record<string, TensorInfo>, input = 'x', attributes = {}): void => {
    const before = result;
    result = callKernel(backend, kernel, { [input]: before, ...others }, attributes);
    backend.disposeData(before.dataId);
  };
  if (bias !== undefined && !perColumn) then('Add', { b: bias }, 'a');
  if (inProduct) return result;
  if (name === 'prelu') then('Prelu', { alpha: weights! });
  else if (name === 'leakyrelu') then('LeakyRelu', {}, 'x', { alpha: attrs.leakyreluAlpha });
  else if (name === 'relu') then('Relu', {});
  else if (name === 'relu6') then('Relu6', {});
  else if (name !== 'linear') then(AFTERWARDS[name]!, {});
  return result;
}

function isRow(shape: readonly number[], columns: number): boolean {
  return shape.at(-1) === columns && util.sizeFromShape([...shape]) === columns;
}
