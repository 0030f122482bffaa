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
  read(name: string): Promise<PublishedTensor>;
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
