/** A tensor under the name that another program gives it. */
export interface ExportedTensor {
  readonly name: string;
  readonly shape: readonly number[];
  /** Row-major. Two names of one tensor have the same array, which is written once. */
  readonly values: Float32Array;
  /** How the file holds the values: `F16` rounds them to halves. @default 'F32' */
  readonly dtype?: 'F32' | 'F16';
}

/** What may stand in a file beside its tensors. Whole numbers are written as such. */
export type ExportedValue =
  | boolean
  | number
  | string
  | null
  | readonly ExportedValue[]
  | { readonly [name: string]: ExportedValue };

/** A checkpoint of another program. */
export interface ExportedCheckpoint {
  readonly tensors: readonly ExportedTensor[];
  /** The key under which the program looks for the tensors. Absent: they are all of the file, a flat state dict. */
  readonly place?: string;
  /** What stands beside that key, such as LLaMA-Adapter V2's `config`. */
  readonly beside?: Readonly<Record<string, ExportedValue>>;
}

/** The LLM beside the part that is written, where the program keeps both in one file. */
export interface ExportNeighbours {
  /** Values of a parameter of the LLM; undefined where it has none of that name. */
  llmValues(name: string): Promise<Float32Array | undefined>;
  /** The LLM as it is written for a target of its own; undefined where it has no such target. */
  llmTensors(target: string): Promise<readonly ExportedTensor[] | undefined>;
}

/** A model as a library's `from_pretrained` reads it. */
export interface ExportedPretrained {
  /** `config.json`: all that the tensors do not say. */
  readonly config: Readonly<Record<string, ExportedValue>>;
  readonly tensors: readonly ExportedTensor[];
}

/** A value of a GGUF file under its type. */
export type ExportedGgufValue =
  | { readonly type: 'uint32' | 'int32' | 'float32'; readonly value: number }
  | { readonly type: 'bool'; readonly value: boolean }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'strings'; readonly value: readonly string[] }
  | { readonly type: 'float32s' | 'int32s'; readonly value: ArrayLike<number> };

/** A model as llama.cpp reads it, without its tokenizer. */
export interface ExportedGguf {
  readonly metadata: Readonly<Record<string, ExportedGgufValue>>;
  readonly tensors: readonly ExportedTensor[];
}

/** How a part is written for the program that published its like. */
export interface PartExport<Product> {
  /** What `eim export --target` calls it. */
  readonly target: string;
  /** Where the tensors have the names of a library's model, whose adapters can then be written too. */
  readonly library?: 'transformers';
  /**
   * @param neighbours absent: what is the LLM's is left out
   * @throws EimError `invalid-argument` naming what of the part the program has no place for
   */
  checkpoint(part: Product, neighbours?: ExportNeighbours): Promise<ExportedCheckpoint>;
  /**
   * The whole model for the library, with the description that a state dict lacks.
   * @throws EimError `invalid-argument` naming what the library's model does not compute
   */
  pretrained?(part: Product): Promise<ExportedPretrained>;
  /**
   * The whole model for llama.cpp.
   * @throws EimError `invalid-argument` naming what llama.cpp does not compute
   */
  gguf?(part: Product): Promise<ExportedGguf>;
}
