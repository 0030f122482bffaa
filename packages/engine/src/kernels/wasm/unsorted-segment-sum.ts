import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { util } from '@tensorflow/tfjs-core';
import { kernelModule } from './module/kernel-module.js';

interface SegmentSumCall {
  readonly inputs: { readonly x: TensorInfo; readonly segmentIds: TensorInfo };
  readonly attrs: { readonly numSegments: number };
  readonly backend: BackendWasm;
}

/** Rows added up by index; rows whose index is out of range are left out. */
export function unsortedSegmentSum({ inputs, attrs, backend }: SegmentSumCall): TensorInfo {
  const { x, segmentIds } = inputs;
  const rowShape = x.shape.slice(segmentIds.shape.length);
  const width = util.sizeFromShape(rowShape);
  const output = backend.makeOutput([attrs.numSegments, ...rowShape], x.dtype);
  if (x.dtype === 'float32' && segmentIds.dtype === 'int32') {
    const [from, rowIds, to] = [x, segmentIds, output].map((info) => backend.getMemoryOffset(info.dataId));
    const count = util.sizeFromShape(segmentIds.shape);
    kernelModule(backend).kernels.sum_rows(from!, rowIds!, to!, count, attrs.numSegments, width);
    return output;
  }
  const values = backend.typedArrayFromHeap(x);
  const ids = backend.typedArrayFromHeap(segmentIds);
  const sums = backend.typedArrayFromHeap(output);
  sums.fill(0);
  for (let row = 0; row < ids.length; row++) {
    const segment = ids[row]!;
    if (segment < 0 || segment >= attrs.numSegments) continue;
    const from = row * width;
    const to = segment * width;
    for (let column = 0; column < width; column++) sums[to + column]! += values[from + column]!;
  }
  return output;
}
