/** What is known of published weights before a value is read. */
export interface WeightsDescription {
  /** The path of the file or folder, for messages. */
  readonly name: string;
  /** Names of the files in the folder, or of the one file. */
  readonly files: readonly string[];
  /**
   * The model's description: a folder's `config.json` or `params.json`, or what a file says beside its tensors
   * (GGUF's keys, llama2.c's header). Empty where there is none.
   */
  readonly config: Readonly<Record<string, unknown>>;
  /** A folder's `generation_config.json`, where it has one. */
  readonly generationConfig?: Readonly<Record<string, unknown>>;
  /** A folder's `preprocessor_config.json`, or the `image_processor` of its `processor_config.json`, where it has one. */
  readonly preprocessorConfig?: Readonly<Record<string, unknown>>;
  /** Names that the model was published by, without prefixes of wrappers and training programs. Where several files each hold a part of every tensor, `file:` stands before each name. */
  readonly tensorNames: readonly string[];
  has(name: string): boolean;
  /** @throws EimError `invalid-data` where there is no such tensor */
  info(name: string): { readonly dtype: string; readonly shape: readonly number[] };
}

/** Weights that somebody published, read one tensor at a time. The readers of @eim/weights fit. */
export interface PublishedWeights extends WeightsDescription {
  /** Row-major values: half, bfloat and block formats as Float32Array, other types unchanged. */
  readonly read: ReadTensor;
}

export interface ReadTensor {
  (name: string): Promise<PublishedTensor>;
  /**
   * The values of a tensor as 32-bit floats, from front to back, in runs of whole rows of `rowLength` elements: for those
   * who spare the memory of a whole tensor. It belongs to the function, so that whoever puts another one in its place
   * replaces both.
   */
  readonly runs?: (name: string, rowLength?: number) => AsyncIterable<PublishedRun>;
  /**
   * A matrix whose rows are held in blocks of fewer bits, for those who leave them so: a frozen model's weights. Undefined
   * for a tensor that is held otherwise. It belongs to the function as `runs` does.
   */
  readonly blocks?: (name: string) => PublishedBlocks | undefined;
}

/** How values are held in blocks: so many elements in so many bytes. */
export interface BlockFormat {
  /** As llama.cpp spells it, in lower case: `q4_0`; plain halves are `float16` and `bfloat16`. */
  readonly name: string;
  readonly blockElements: number;
  readonly blockBytes: number;
  /** Writes the floats that whole blocks stand for, as many as fill `floats`. */
  readonly widen: (blocks: Uint8Array, floats: Float32Array) => void;
}

/** Rows of whole blocks, one behind the other. */
export interface PublishedBlocks {
  readonly format: BlockFormat;
  /** Fills `target` with bytes of the tensor, the first of which is its byte number `offset`. */
  readonly readInto: (offset: number, target: Uint8Array) => Promise<void>;
}

/** Consecutive values of a tensor, row-major. */
export interface PublishedRun {
  /** Elements before the first. */
  readonly at: number;
  /** Valid until the next run is asked for. */
  readonly values: Float32Array;
}

export interface PublishedTensor {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data:
    | Float32Array
    | Float64Array
    | Int8Array
    | Int16Array
    | Int32Array
    | BigInt64Array
    | Uint8Array
    | Uint16Array
    | Uint32Array
    | BigUint64Array;
}
