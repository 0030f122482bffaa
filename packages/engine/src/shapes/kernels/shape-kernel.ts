import type { DataType, TensorInfo } from '@tensorflow/tfjs-core';

/** What a kernel was called with. */
export interface ShapeCall {
  /** Kernels of any number of inputs number theirs. */
  readonly inputs: Readonly<Record<string, TensorInfo>>;
  // biome-ignore lint/suspicious/noExplicitAny: each kernel knows the types of its own attributes
  readonly attrs: Readonly<Record<string, any>>;
}

/** What a kernel's result would be. */
export interface ResultShape {
  readonly shape: readonly number[];
  readonly dtype: DataType;
  /** The tensor whose data the result shares, where it is only another view of it. */
  readonly sharing?: TensorInfo;
}

/** A kernel that works out what its result would be, and nothing else. */
export type ShapeKernel = (call: ShapeCall) => ResultShape | readonly ResultShape[];

/** Kernels by the names that TensorFlow.js calls them by. */
export type ShapeKernels = Readonly<Record<string, ShapeKernel>>;

/** A result of the shape and type of a tensor. */
export const like = ({ shape, dtype }: TensorInfo): ResultShape => ({ shape, dtype });

/** The same kernel under several names. */
export function sameKernel(names: readonly string[], kernel: ShapeKernel): ShapeKernels {
  return Object.fromEntries(names.map((name) => [name, kernel]));
}
