import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { backend_util, util } from '@tensorflow/tfjs-core';
import { parseEinsum } from '../parse-einsum.js';
import { batchMatMul } from './batch-mat-mul.js';
import { callKernel } from './call-kernel.js';

interface EinsumCall {
  readonly inputs: Readonly<Record<string, TensorInfo>>;
  readonly attrs: { readonly equation: string };
  readonly backend: BackendWasm;
}

/** A tensor whose axes carry the equation's labels. */
interface Labelled {
  readonly info: TensorInfo;
  readonly labels: readonly string[];
}

/** Sums of products of one or two tensors by labelled axes, as one batched matrix product. */
export function einsum({ inputs, attrs, backend }: EinsumCall): TensorInfo {
  const operands = Object.values(inputs);
  const { idDims, allDims } = backend_util.decodeEinsumEquation(attrs.equation, operands.length);
  backend_util.checkEinsumDimSizes(allDims.length, idDims, operands as never);
  const { terms, output } = parseEinsum(attrs.equation);
  const scratch: TensorInfo[] = [];
  const keep = (info: TensorInfo): TensorInfo => {
    scratch.push(info);
    return info;
  };

  const arrange = ({ info, labels }: Labelled, wanted: readonly string[]): TensorInfo => {
    const perm = wanted.map((label) => labels.indexOf(label));
    return keep(callKernel(backend, 'Transpose', { x: info }, { perm }));
  };
  const sumAway = ({ info, labels }: Labelled, kept: (label: string) => boolean): Labelled => {
    const axis = labels.flatMap((label, index) => (kept(label) ? [] : [index]));
    if (axis.length === 0) return { info, labels };
    const sum = keep(callKernel(backend, 'Sum', { x: info }, { axis, keepDims: false }));
    return { info: sum, labels: labels.filter(kept) };
  };

  const [first, second] = operands.map((info, index) => ({ info, labels: terms[index]! }));
  const product = second ? multiply(first!, second) : sumAway(first!, (label) => output.includes(label));
  const result = arrange(product, output);
  scratch.pop();
  for (const used of scratch) backend.disposeData(used.dataId);
  return result;

  function multiply(left: Labelled, right: Labelled): Labelled {
    const a = sumAway(left, (label) => right.labels.includes(label) || output.includes(label));
    const b = sumAway(right, (label) => left.labels.includes(label) || output.includes(label));
    const shared = a.labels.filter((label) => b.labels.includes(label));
    const batch = shared.filter((label) => output.includes(label));
    const contracted = shared.filter((label) => !output.includes(label));
    const rows = a.labels.filter((label) => !shared.includes(label));
    const columns = b.labels.filter((label) => !shared.includes(label));
    const sizes = (labels: readonly string[]): number[] =>
      labels.map((label) => {
        const owner = a.labels.includes(label) ? a : b;
        return owner.info.shape[owner.labels.indexOf(label)]!;
      });
    const size = (labels: readonly string[]): number => util.sizeFromShape(sizes(labels));
    const stackA = { ...arrange(a, [...batch, ...rows, ...contracted]) };
    const stackB = { ...arrange(b, [...batch, ...contracted, ...columns]) };
    stackA.shape = [size(batch), size(rows), size(contracted)];
    stackB.shape = [size(batch), size(contracted), size(columns)];
    const plain = { transposeA: false, transposeB: false };
    const stack = keep(batchMatMul({ inputs: { a: stackA, b: stackB }, attrs: plain, backend }));
    const labels = [...batch, ...rows, ...columns];
    return { info: { ...stack, shape: sizes(labels) }, labels };
  }
}
