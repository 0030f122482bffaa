import type { Dtype, WeightTensor } from './dtype.js';

/** How weights are laid out on disk. */
export type WeightFormat = 'safetensors' | 'pytorch' | 'torchscript' | 'gguf' | 'llama2.c';

/** Block formats of GGUF, which are widened to F32 when read. */
export type QuantizedType =
  | 'Q8_0'
  | 'Q4_0'
  | 'Q4_1'
  | 'Q5_0'
  | 'Q5_1'
  | 'Q2_K'
  | 'Q3_K'
  | 'Q4_K'
  | 'Q5_K'
  | 'Q6_K';

/** What is known of a tensor before it is read. */
export interface TensorDescription {
  readonly name: string;
  /** Of the tensor that `read` gives. */
  readonly dtype: Dtype;
  /** Row-major, slowest dimension first, in every format; empty for a scalar. */
  readonly shape: readonly number[];
  /** How the file stores it: `dtype`, or the block format that is widened to it. */
  readonly encoding: Dtype | QuantizedType;
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
  has(name: string): boolean;
  /** @throws EimError `invalid-data` where there is no such tensor */
  info(name: string): TensorDescription;
  /**
   * Reads one tensor by its byte range. Half, bfloat and block formats come as Float32Array, exactly; 64-bit
   * integers as BigInt arrays: see `floatValues` and `integerValues` for narrowing.
   * @throws EimError `invalid-data` where there is no such tensor, `invalid-file` where the file ends early
   */
  read(name: string): Promise<WeightTensor>;
  /** All tensors, one in memory at a time. */
  tensors(): AsyncGenerator<WeightTensor>;
  close(): Promise<void>;
}
