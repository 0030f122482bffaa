import { backend_util, gather_util, slice_util, util } from '@tensorflow/tfjs-core';
import { like, type ShapeCall, type ShapeKernels, sameKernel } from './shape-kernel.js';

const reshaped = ({ inputs: { x }, attrs }: ShapeCall) => ({
  shape: util.inferFromImplicitShape(attrs.shape, util.sizeFromShape(x!.shape)),
  dtype: x!.dtype,
  sharing: x!,
});

const padded = ({ inputs: { x }, attrs }: ShapeCall) => ({
  shape: x!.shape.map((size, axis) => attrs.paddings[axis][0] + size + attrs.paddings[axis][1]),
  dtype: x!.dtype,
});

const axisOf = (axis: number, rank: number): number => util.parseAxisParam(axis, new Array(rank).fill(1))[0]!;

/** `start`, `start + step`, ... before `stop`. */
const rangeLength = ({ start, stop, step }: ShapeCall['attrs']): number =>
  Math.max(0, Math.ceil((stop - start) / step));

/** Kernels that move, repeat, choose or join values, or make new ones. */
export const LAYOUT_KERNELS: ShapeKernels = {
  Identity: ({ inputs: { x } }) => ({ ...like(x!), sharing: x! }),
  Reshape: reshaped,
  ExpandDims: ({ inputs: { input }, attrs }) => {
    const shape = [...input!.shape];
    shape.splice(attrs.dim < 0 ? shape.length + 1 + attrs.dim : attrs.dim, 0, 1);
    return { shape, dtype: input!.dtype, sharing: input! };
  },
  Transpose: ({ inputs: { x }, attrs }) => ({
    shape: attrs.perm.map((axis: number) => x!.shape[axis]!),
    dtype: x!.dtype,
  }),
  Reverse: ({ inputs: { x } }) => like(x!),
  ...sameKernel(['PadV2', 'MirrorPad'], padded),
  Tile: ({ inputs: { x }, attrs }) => ({
    shape: x!.shape.map((size, axis) => size * attrs.reps[axis]),
    dtype: x!.dtype,
  }),
  Slice: ({ inputs: { x }, attrs }) => ({
    shape: slice_util.parseSliceParams(x as never, attrs.begin, attrs.size)[1]!,
    dtype: x!.dtype,
  }),
  StridedSlice: ({ inputs: { x }, attrs }) => {
    const { begin, end, strides, beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask } = attrs;
    const masks = [beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask] as const;
    const { finalShape } = slice_util.sliceInfo(x!.shape, begin, end, strides, ...masks);
    return { shape: finalShape, dtype: x!.dtype };
  },
  Concat: ({ inputs, attrs }) => {
    const list = Object.values(inputs);
    const shapes = list.map(({ shape }) => shape);
    const axis = axisOf(attrs.axis, shapes[0]!.length);
    return { shape: backend_util.computeOutShape(shapes, axis), dtype: list[0]!.dtype };
  },
  SplitV: ({ inputs: { x }, attrs }) => {
    const axis = axisOf(attrs.axis, x!.shape.length);
    const sizes = backend_util.prepareSplitSize(x as never, attrs.numOrSizeSplits, axis);
    return sizes.map((size) => ({ shape: x!.shape.with(axis, size), dtype: x!.dtype }));
  },
  Pack: ({ inputs, attrs }) => {
    const list = Object.values(inputs);
    const shape = [...list[0]!.shape];
    shape.splice(axisOf(attrs.axis, shape.length + 1), 0, list.length);
    return { shape, dtype: list[0]!.dtype };
  },
  Unpack: ({ inputs: { value }, attrs }) => {
    const axis = axisOf(attrs.axis, value!.shape.length);
    const one = { shape: value!.shape.filter((_, place) => place !== axis), dtype: value!.dtype };
    return Array.from({ length: value!.shape[axis]! }, () => one);
  },
  GatherV2: ({ inputs: { x, indices }, attrs }) => {
    const axis = axisOf(attrs.axis, x!.shape.length);
    const info = backend_util.segment_util.collectGatherOpShapeInfo(
      x as never,
      indices as never,
      axis,
      attrs.batchDims ?? 0,
    );
    return { shape: info.outputShape, dtype: x!.dtype };
  },
  GatherNd: ({ inputs: { params, indices } }) => ({
    shape: gather_util.prepareAndValidate(params as never, indices as never)[0],
    dtype: params!.dtype,
  }),
  ScatterNd: ({ inputs: { updates }, attrs }) => ({ shape: attrs.shape, dtype: updates!.dtype }),
  TensorScatterUpdate: ({ inputs: { tensor } }) => like(tensor!),
  UnsortedSegmentSum: ({ inputs: { x, segmentIds }, attrs }) => ({
    shape: [attrs.numSegments, ...x!.shape.slice(segmentIds!.shape.length)],
    dtype: x!.dtype,
  }),
  OneHot: ({ inputs: { indices }, attrs }) => ({
    shape: [...indices!.shape, attrs.depth],
    dtype: attrs.dtype,
  }),
  Fill: ({ attrs }) => ({ shape: attrs.shape, dtype: attrs.dtype ?? util.inferDtype(attrs.value) }),
  Range: ({ attrs }) => ({ shape: [rangeLength(attrs)], dtype: attrs.dtype }),
  LinSpace: ({ attrs }) => ({ shape: [attrs.num], dtype: 'float32' }),
  ...sameKernel(['ResizeBilinear', 'ResizeNearestNeighbor'], ({ inputs: { images }, attrs }) => ({
    shape: [images!.shape[0]!, attrs.size[0], attrs.size[1], images!.shape[3]!],
    dtype: images!.dtype,
  })),
  ...sameKernel(['ResizeBilinearGrad', 'ResizeNearestNeighborGrad'], ({ inputs: { images } }) =>
    like(images!),
  ),
};
