import type { Variable } from './tensor.js';

/**
 * What a parameter does in its layer; plans select by it and weight decay follows it.
 * `weight` and `embedding` are decayed, the others are not. `gate` and `adapter` mark what an adapter adds.
 */
export type ParameterRole = 'weight' | 'bias' | 'norm' | 'embedding' | 'position' | 'gate' | 'adapter';

/** One learnable tensor of a part. */
export interface Parameter {
  /** Unique within its part, dot-separated: `blocks.0.attention.query.weight`. */
  readonly name: string;
  readonly variable: Variable;
  readonly role: ParameterRole;
  /**
   * Distance from the input: 0 for embeddings, 1 + index for blocks, block count + 1 for what follows them.
   * Layer-wise decay and "the last N blocks" read it.
   */
  readonly depth: number;
  /** Present until the parameter is given its values: its shape, and how to give them. `variable` throws until then. */
  readonly awaiting?: AwaitedValues | undefined;
}

/** A parameter's place for values that are read from elsewhere, so that none are drawn first. */
export interface AwaitedValues {
  readonly shape: readonly number[];
  /** @param values as many as the shape has elements, row-major */
  give(values: Float32Array): void;
}

/** How products with weights in blocks are computed: with activations in fp32, or in blocks of signed bytes. */
export type ComputeMode = 'exact' | 'fast';

/**
 * A weight that can never learn, because it is no variable: quantised weights are held in blocks of a few bits. It counts
 * as an inference parameter, and no selection finds it. Gradients pass through it to what learns below.
 */
export interface ReadOnlyWeight {
  /** Unique within its part, among its parameters too. */
  readonly name: string;
  /** Shape of the weight that the values stand for. */
  readonly shape: readonly number[];
  /** How the values are held: `float16`, `int8`, `q4_0`, ... */
  readonly format: string;
  /** Memory that it takes. */
  readonly byteCount: number;
  readonly role: ParameterRole;
  /** Distance from the input, counted as for a {@link Parameter}. */
  readonly depth: number;
  /** `fast`: activations that it is multiplied by go in blocks of signed bytes. @default 'exact' */
  readonly compute?: ComputeMode;
  /** The values that it stands for, row-major: as many as `shape` has elements. */
  read(): Promise<Float32Array>;
}

/** Anything with learnable tensors: the three parts, and objectives with a training-only side. */
export interface Parametric {
  parameters(): readonly Parameter[];
  /** Weights that are no variables. Absent: none. */
  readOnlyWeights?(): readonly ReadOnlyWeight[];
  /** Frees every tensor held. The object must not be used afterwards. */
  dispose(): void;
}
