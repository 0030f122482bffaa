import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { broadcast_util, type TensorInfo, util } from '@tensorflow/tfjs-core';
import { kernelModule } from './module/kernel-module.js';

export interface ProductAttributes {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

interface BatchMatMulCall {
  readonly inputs: { readonly a: TensorInfo; readonly b: TensorInfo };
  readonly attrs: ProductAttributes;
  readonly backend: BackendWasm;
}

/** What the product does with each sum before it stores it. */
export interface ProductFinish {
  /** Byte offset of one value per column, or 0. */
  readonly bias: number;
  /** As in wasm-kernels/micro-kernel.h: 0 linear, 1 relu, 2 relu6, 3 leaky relu. */
  readonly activation: number;
  /** Of the leaky relu. */
  readonly slope: number;
}

const PLAIN: ProductFinish = { bias: 0, activation: 0, slope: 0 };

/** Matrix products of stacks, each possibly transposed, batch axes broadcast; works in place, copies nothing. */
export function batchMatMul({ inputs, attrs, backend }: BatchMatMulCall): TensorInfo {
  return multiplyStacks(backend, inputs.a, inputs.b, attrs, PLAIN);
}

/** `activation(a b + bias)` for every matrix of two stacks. */
export function multiplyStacks(
  backend: BackendWasm,
  a: TensorInfo,
  b: TensorInfo,
  { transposeA, transposeB }: ProductAttributes,
  { bias, activation, slope }: ProductFinish,
): TensorInfo {
  for (const { dtype } of [a, b]) {
    util.assert(dtype === 'float32', () => `matMul: ${dtype} tensors cannot be multiplied on wasm.`);
  }
  const [lastA, lastB] = [a.shape.length - 1, b.shape.length - 1];
  const rows = a.shape[transposeA ? lastA : lastA - 1]!;
  const inner = a.shape[transposeA ? lastA - 1 : lastA]!;
  const innerB = b.shape[transposeB ? lastB : lastB - 1]!;
  const columns = b.shape[transposeB ? lastB - 1 : lastB]!;
  util.assert(
    inner === innerB,
    () => `matMul: inner sizes ${inner} and ${innerB} of [${a.shape}] and [${b.shape}] differ.`,
  );
  const batchA = a.shape.slice(0, -2);
  const batchB = b.shape.slice(0, -2);
  const batchShape = broadcast_util.assertAndGetBroadcastShape(batchA, batchB);
  const output = backend.makeOutput([...batchShape, rows, columns], 'float32');
  const count = util.sizeFromShape(batchShape);
  if (count * rows * columns === 0) return output;

  const { kernels, context } = kernelModule(backend);
  const aStart = backend.getMemoryOffset(a.dataId);
  const bStart = backend.getMemoryOffset(b.dataId);
  const outStart = backend.getMemoryOffset(output.dataId);
  const [turnA, turnB] = [transposeA ? 1 : 0, transposeB ? 1 : 0];
  const run = (
    from: number,
    right: number,
    to: number,
    batch: number,
    stepA: number,
    stepB: number,
    height: number,
  ) =>
    kernels.product(
      context,
      from,
      right,
      to,
      batch,
      stepA,
      stepB,
      height,
      columns,
      inner,
      turnA,
      turnB,
      bias,
      activation,
      slope,
    );
  const [sizeA, sizeB] = [rows * inner, inner * columns];
  const [countA, countB] = [util.sizeFromShape(batchA), util.sizeFromShape(batchB)];
  if (countB === 1 && countA === count && !transposeA) {
    // One right factor for all: the stack is one tall matrix.
    run(aStart, bStart, outStart, 1, 0, 0, count * rows);
  } else if ((countA === count || countA === 1) && (countB === count || countB === 1)) {
    run(aStart, bStart, outStart, count, countA === 1 ? 0 : sizeA, countB === 1 ? 0 : sizeB, rows);
  } else {
    const [indexA, indexB] = [broadcastIndex(batchA, batchShape), broadcastIndex(batchB, batchShape)];
    for (let index = 0; index < count; index++) {
      const from = aStart + indexA(index) * sizeA * 4;
      const right = bStart + indexB(index) * sizeB * 4;
      run(from, right, outStart + index * rows * columns * 4, 1, 0, 0, rows);
    }
  }
  return output;
}

/** From an index into a broadcast shape to the index into an operand of it, whose axes of size 1 are repeated. */
export function broadcastIndex(own: number[], broadcast: number[]): (index: number) => number {
  if (util.arraysEqual(own, broadcast)) return (index) => index;
  const lead = broadcast.length - own.length;
  return (index) => {
    let rest = index;
    let result = 0;
    let stride = 1;
    for (let axis = broadcast.length - 1; axis >= lead; axis--) {
      const size = own[axis - lead]!;
      if (size !== 1) result += (rest % broadcast[axis]!) * stride;
      stride *= size;
      rest = Math.floor(rest / broadcast[axis]!);
    }
    return result;
  };
}
