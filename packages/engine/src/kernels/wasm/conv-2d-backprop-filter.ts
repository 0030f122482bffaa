import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { backend_util, util } from '@tensorflow/tfjs-core';
import { batchMatMul } from './batch-mat-mul.js';
import { callKernel } from './call-kernel.js';
import { copyPatches } from './copy-patches.js';

interface FilterGradientCall {
  readonly inputs: { readonly x: TensorInfo; readonly dy: TensorInfo };
  readonly attrs: {
    readonly strides: number | [number, number];
    readonly pad: 'valid' | 'same' | number | backend_util.ExplicitPadding;
    readonly dataFormat: 'NHWC' | 'NCHW';
    readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
    readonly filterShape: [number, number, number, number];
  };
  readonly backend: BackendWasm;
}

/** Values of copied patches at a time: 64 MiB. */
const PATCH_BUDGET = 16 * 1024 * 1024;

/** A convolution's gradient by its filter: the product of the input's patches with the output's gradient. */
export function conv2dBackpropFilter({ inputs, attrs, backend }: FilterGradientCall): TensorInfo {
  const { strides, pad, dataFormat, dimRoundingMode, filterShape } = attrs;
  util.assert(
    dataFormat === 'NHWC',
    () => `Conv2DBackpropFilter: data format ${dataFormat} does not run on wasm.`,
  );
  const shape4d = inputs.x.shape as [number, number, number, number];
  const info = backend_util.computeConv2DInfo(shape4d, filterShape, strides, 1, pad, dimRoundingMode, false);
  const positions = info.outHeight * info.outWidth;
  const patchSize = info.filterHeight * info.filterWidth * info.inChannels;
  const imagesAtOnce = Math.max(1, Math.floor(PATCH_BUDGET / Math.max(1, positions * patchSize)));

  let total: TensorInfo | undefined;
  for (let first = 0; first < info.batchSize; first += imagesAtOnce) {
    const count = Math.min(imagesAtOnce, info.batchSize - first);
    const patches = backend.makeOutput([count * positions, patchSize], 'float32');
    const from = backend.typedArrayFromHeap(inputs.x) as Float32Array;
    copyPatches(info, from, backend.typedArrayFromHeap(patches) as Float32Array, first, count);
    const begin = [first, 0, 0, 0];
    const slice = callKernel(backend, 'Slice', { x: inputs.dy }, { begin, size: [count, -1, -1, -1] });
    const gradient = { ...slice, shape: [count * positions, info.outChannels] };
    const call = { a: patches, b: gradient };
    const part = batchMatMul({ inputs: call, attrs: { transposeA: true, transposeB: false }, backend });
    for (const used of [patches, slice]) backend.disposeData(used.dataId);
    total = total ? addAndDispose(backend, total, part) : part;
  }
  if (!total) {
    total = backend.makeOutput([patchSize, info.outChannels], 'float32');
    backend.typedArrayFromHeap(total).fill(0);
  }
  return { ...total, shape: [...filterShape] };
}

function addAndDispose(backend: BackendWasm, a: TensorInfo, b: TensorInfo): TensorInfo {
  const sum = callKernel(backend, 'Add', { a, b });
  for (const used of [a, b]) backend.disposeData(used.dataId);
  return sum;
}
