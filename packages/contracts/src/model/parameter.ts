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
  /** Present while it has no values: its shape, and how it gets them. `variable` throws until then. */
  readonly awaiting?: AwaitedValues | undefined;
}

/** A parameter's place for values that are read from elsewhere, so that none are drawn first. */
export interface AwaitedValues {
  readonly shape: readonly number[];
  /** @param values as many as the shape has elements, row-major */
  give(values: Float32Array): void;
}

/** Anything with learnable tensors: the three parts, and objectives with a training-only side. */
export interface Parametric {
  parameters(): readonly Parameter[];
  /** Frees every tensor held. The object must not be used afterwards. */
  dispose(): void;
}
