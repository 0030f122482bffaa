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
}
