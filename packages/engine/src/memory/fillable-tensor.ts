import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { backend, engine, getBackend, type Tensor, tensor, util } from '@tensorflow/tfjs-core';
import type { TensorFlowBackend } from '../tensorflow/tensorflow-backend.js';
import { handOver, valuesToHandOver } from './tensorflow-values.js';

/** A tensor of floats whose values come piece by piece. */
export interface FillableTensor {
  /**
   * Memory of all values, row-major, in the engine itself where it can be reached. Valid until something else is
   * computed or waited for.
   */
  values(): Float32Array;
  /** Whether that memory may become another one while something else is computed or waited for. */
  readonly moves: boolean;
  /** The tensor, once all values are there. */
  finish(): Tensor;
  /** Gives the memory back, if the values will not come. */
  abandon(): void;
}

/**
 * A tensor whose values are written into the engine's memory, so that they never lie in JavaScript's as well.
 * @example
 * const filling = fillableTensor([2, 2]);
 * filling.values().set([1, 2, 3, 4]);
 * const identity = filling.finish();
 */
export function fillableTensor(shape: readonly number[]): FillableTensor {
  if (getBackend() === 'wasm') return inModuleMemory(shape);
  const running = backend() as TensorFlowBackend;
  const ofTensorFlow = getBackend() === 'tensorflow' && !running.isUsingGpuDevice;
  return ofTensorFlow ? forTensorFlow(shape, running) : inJavaScript(shape);
}

function inModuleMemory(shape: readonly number[]): FillableTensor {
  const wasm = backend() as BackendWasm;
  const info = wasm.makeOutput([...shape], 'float32');
  return {
    // the view is made anew: the memory may have grown
    values: () => wasm.typedArrayFromHeap(info) as Float32Array,
    moves: true,
    finish: () => engine().makeTensorFromTensorInfo(info, wasm),
    abandon: () => {
      wasm.disposeData(info.dataId);
    },
  };
}

function forTensorFlow(shape: readonly number[], running: TensorFlowBackend): FillableTensor {
  const { values, release } = valuesToHandOver(util.sizeFromShape([...shape]), running);
  return {
    values: () => values,
    moves: false,
    finish: () => {
      const filled = tensor(values, [...shape], 'float32');
      handOver(running, filled);
      release();
      return filled;
    },
    abandon: release,
  };
}

function inJavaScript(shape: readonly number[]): FillableTensor {
  const values = new Float32Array(util.sizeFromShape([...shape]));
  return {
    values: () => values,
    moves: false,
    finish: () => tensor(values, [...shape], 'float32'),
    abandon: () => {},
  };
}
