import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { broadcast_util, util } from '@tensorflow/tfjs-core';
import { callKernel } from './call-kernel.js';
import { rawProduct } from './raw-product.js';

interface BatchMatMulCall {
  readonly inputs: { readonly a: TensorInfo; readonly b: TensorInfo };
  readonly attrs: { readonly transposeA: boolean; readonly transposeB: boolean };
  readonly backend: BackendWasm;
}

/** A stack of matrices in the backend's memory, not transposed. */
interface Stack {
  readonly info: TensorInfo;
  readonly rows: number;
  readonly columns: number;
  readonly batchShape: number[];
  readonly isCopy: boolean;
}

/**
 * Matrix products of stacks, each possibly transposed, batch axes broadcast. The backend's own kernel is fast for
 * plain 2-D products only: transposed stacks are copied first, and stacks are multiplied matrix by matrix in place.
 */
export function batchMatMul({ inputs, attrs, backend }: BatchMatMulCall): TensorInfo {
  if (pays(inputs, attrs)) {
    const flipped = { transposeA: !attrs.transposeB, transposeB: !attrs.transposeA };
    const result = batchMatMul({ inputs: { a: inputs.b, b: inputs.a }, attrs: flipped, backend }); // [N, M]
    const output = callKernel(backend, 'Transpose', { x: result }, { perm: [1, 0] }); // [M, N]
    backend.disposeData(result.dataId);
    return output;
  }
  const a = untransposed(backend, inputs.a, attrs.transposeA);
  const b = untransposed(backend, inputs.b, attrs.transposeB);
  util.assert(
    a.columns === b.rows,
    () =>
      `matMul: inner sizes ${a.columns} and ${b.rows} of [${inputs.a.shape}] and [${inputs.b.shape}] differ.`,
  );
  const batchShape = broadcast_util.assertAndGetBroadcastShape(a.batchShape, b.batchShape);
  const output = backend.makeOutput([...batchShape, a.rows, b.columns], 'float32');
  multiplyStacks(backend, a, b, output, batchShape);
  for (const stack of [a, b]) if (stack.isCopy) backend.disposeData(stack.info.dataId);
  return output;
}

/** Measured: nanoseconds a value to pack it for XNNPACK as the right factor, and to transpose it. */
const PACKING = 4.2;
const TRANSPOSING = 1.3;

/**
 * True where `(b' a')'` is quicker than `a b`: the right factor of a product is packed at a cost, so that a much
 * smaller left one should take its place.
 */
function pays({ a, b }: BatchMatMulCall['inputs'], attrs: BatchMatMulCall['attrs']): boolean {
  if (a.shape.length !== 2 || b.shape.length !== 2) return false;
  const [left, right] = [util.sizeFromShape(a.shape), util.sizeFromShape(b.shape)];
  const rows = a.shape[attrs.transposeA ? 1 : 0]!;
  const columns = b.shape[attrs.transposeB ? 0 : 1]!;
  const turned = (is: boolean, size: number): number => (is ? TRANSPOSING * size : 0);
  const asGiven = turned(attrs.transposeA, left) + turned(attrs.transposeB, right) + PACKING * right;
  const flipped = turned(!attrs.transposeA, left) + turned(!attrs.transposeB, right) + PACKING * left;
  return flipped + TRANSPOSING * rows * columns < asGiven;
}

function untransposed(backend: BackendWasm, info: TensorInfo, transposed: boolean): Stack {
  util.assert(info.dtype === 'float32', () => `matMul: ${info.dtype} tensors cannot be multiplied on wasm.`);
  const batchShape = info.shape.slice(0, -2);
  const [rows, columns] = info.shape.slice(-2) as [number, number];
  if (!transposed) return { info, rows, columns, batchShape, isCopy: false };
  const lead = batchShape.map((_, axis) => axis);
  const perm = [...lead, lead.length + 1, lead.length];
  const copy = callKernel(backend, 'Transpose', { x: info }, { perm }); // [..., columns, rows]
  return { info: copy, rows: columns, columns: rows, batchShape, isCopy: true };
}

function multiplyStacks(
  backend: BackendWasm,
  a: Stack,
  b: Stack,
  output: TensorInfo,
  batchShape: number[],
): void {
  const { rows, columns: inner } = a;
  const { columns } = b;
  const count = util.sizeFromShape(batchShape);
  if (count * rows * columns === 0) return;
  if (inner === 0) {
    backend.typedArrayFromHeap(output).fill(0);
    return;
  }
  const product = rawProduct(backend);
  const aStart = backend.getMemoryOffset(a.info.dataId);
  const bStart = backend.getMemoryOffset(b.info.dataId);
  const outStart = backend.getMemoryOffset(output.dataId);
  if (util.sizeFromShape(b.batchShape) === 1 && util.sizeFromShape(a.batchShape) === count) {
    product.multiply(aStart, bStart, outStart, count * rows, inner, columns);
    return;
  }
  const aIndex = batchIndices(a.batchShape, batchShape);
  const bIndex = batchIndices(b.batchShape, batchShape);
  for (let index = 0; index < count; index++) {
    const aOffset = aStart + aIndex(index) * rows * inner * 4;
    const bOffset = bStart + bIndex(index) * inner * columns * 4;
    product.multiply(aOffset, bOffset, outStart + index * rows * columns * 4, rows, inner, columns);
  }
}

/** From an index into the output's batch to the index into an operand's, whose axes of size 1 are repeated. */
function batchIndices(own: number[], broadcast: number[]): (index: number) => number {
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
