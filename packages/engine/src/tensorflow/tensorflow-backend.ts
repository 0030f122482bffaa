import type { DataId, DataType, KernelBackend, TensorInfo } from '@tensorflow/tfjs-core';
import { backend, getBackend } from '@tensorflow/tfjs-core';
import type { RecordingBinding, TensorFlowBinding } from './tensorflow-binding.js';

/** What the backend keeps of one tensor's data. */
export interface TensorFlowData {
  readonly shape: number[];
  readonly dtype: number;
  /** Not yet handed to TensorFlow; null once they are. */
  values: unknown;
  /** The binding's number; below 0 while `values` are kept. */
  readonly id: number;
  refCount: number;
}

/** The inside of @tensorflow/tfjs-node's backend, as far as recording reaches into it. */
export interface TensorFlowBackend extends KernelBackend {
  binding: TensorFlowBinding;
  readonly tensorMap: {
    get(dataId: DataId): TensorFlowData;
    set(dataId: DataId, data: TensorFlowData): void;
    has(dataId: DataId): boolean;
  };
  readonly isUsingGpuDevice: boolean;
  getInputTensorIds(tensors: readonly TensorInfo[]): number[];
  executeSingleOutput(name: string, attributes: readonly object[], inputs: readonly TensorInfo[]): TensorInfo;
  executeMultipleOutputs(
    name: string,
    attributes: readonly object[],
    inputs: readonly TensorInfo[],
    outputs: number,
  ): TensorInfo[];
  createOutputTensor(info: { id: number; dtype: number; shape: number[] }): TensorInfo;
  move(dataId: DataId, values: unknown, shape: number[], dtype: DataType, refCount: number): void;
}

/** A backend whose binding holds our additions. */
export interface RecordingBackend extends TensorFlowBackend {
  binding: RecordingBinding;
}

/** The current backend where it is one that can record; undefined on every other engine. */
export function recordingBackend(): RecordingBackend | undefined {
  if (getBackend() !== 'tensorflow') return undefined;
  const current = backend() as RecordingBackend;
  return typeof current.binding?.defineFunction === 'function' ? current : undefined;
}
