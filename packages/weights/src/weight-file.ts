import type { PublishedBlocks } from '@eim/contracts';
import type { Dtype, WeightTensor } from './dtype.js';
import type { QuantizedType } from './quantized-type.js';
import type { UnreadEncoding } from './unread-encoding.js';
import type { ValueRun } from './value-runs.js';

/** How weights are laid out on disk. */
export type WeightFormat = 'safetensors' | 'pytorch' | 'torchscript' | 'gguf' | 'llama2.c';

/** What is known of a tensor before it is read. */
export interface TensorDescription {
  readonly name: string;
  /** Of the tensor that `read` gives; where it gives none, the `encoding`. */
  readonly dtype: Dtype | UnreadEncoding;
  /** Row-major, slowest dimension first, in every format; empty for a scalar. */
  readonly shape: readonly number[];
  /** How the file stores it: `dtype`, or the block format that is widened to it. */
  readonly encoding: Dtype | QuantizedType | UnreadEncoding;
}

/** Where a checkpoint keeps its model among what training needs beside it. */
export interface ModelPlace {
  /**
   * Paths of dictionaries that are models: `model`, `state_dict`. Empty where the names lie outermost; several where
   * the checkpoint does not say which one is meant.
   */
  readonly paths: readonly string[];
  /** Paths of what training alone needs: `optimizer`. */
  readonly besides: readonly string[];
}

/**
 * Published weights, whatever their format: opened by header alone, read one tensor at a time. Names are the
 * file's own; entries of nested checkpoints are joined by dots (`model.layers.0.weight`).
 */
export interface WeightFile {
  /** For messages: the path or address that was opened. */
  readonly name: string;
  readonly format: WeightFormat;
  /**
   * What the file says beside its tensors: safetensors' string pairs; GGUF's key-value pairs; the plain values
   * of a PyTorch checkpoint (`epoch`); llama2.c's configuration under the names of LLaMA's `params.json`.
   */
  readonly metadata: Readonly<Record<string, unknown>>;
  /** In the order of the file. */
  readonly tensorNames: readonly string[];
  /** Where a checkpoint keeps its model; absent in formats that hold nothing else. */
  readonly modelPlace?: ModelPlace | undefined;
  has(name: string): boolean;
  /** @throws EimError `invalid-data` where there is no such tensor */
  info(name: string): TensorDescription;
  /**
   * Reads one tensor by its byte range. Half, bfloat and block formats come as Float32Array, exactly; 64-bit
   * integers as BigInt arrays: see `floatValues` and `integerValues` for narrowing.
   * @throws EimError `invalid-data` where there is no such tensor or it is of a type that is listed alone,
   * `invalid-file` where the file ends early
   */
  read(name: string): Promise<WeightTensor>;
  /**
   * Reads a tensor as 32-bit floats, from front to back, without holding all of it: see `floatValues` for what becomes
   * one. A run's array is the next one's too.
   * @param rowLength elements that stay together: runs hold whole rows. @default 1
   * @throws EimError as `read` and `floatValues`
   */
  readRuns(name: string, rowLength?: number): AsyncIterable<ValueRun>;
  /**
   * How a tensor lies in the file, where it is held in blocks that may stay as they are; undefined where it is held otherwise.
   * Absent: no tensor is.
   * @throws EimError `invalid-data` where there is no such tensor
   */
  blocks?(name: string): PublishedBlocks | undefined;
  /** All tensors, one in memory at a time. */
  tensors(): AsyncGenerator<WeightTensor>;
  close(): Promise<void>;
}
