import type { Tensor1D, Tensor2D, Tensor3D } from './tensor.js';

/** A named place inside a model where an adapter may act, such as `blocks.3.attention.input`. */
export interface InsertionPoint {
  readonly name: string;
  readonly block: number;
  readonly position: 'attention.input' | 'attention.output' | 'mlp.input' | 'mlp.output';
  readonly width: number;
}

/** Embeddings put before the text. */
export interface PrefixInjection {
  /** `[B, K, hiddenSize]` */
  readonly embeddings: Tensor3D;
  /** `[B, K]`, 1 where a slot is real. Absent: all are. */
  readonly mask?: Tensor2D;
  /**
   * `[K]`, 1 where later positions may attend to a slot. LaVIN's modality token is 0: it feeds only the
   * routers. Absent: all may.
   */
  readonly visibleToLater?: Tensor1D;
  /**
   * Slots that stand before the text's begin token, where it has one; the others come behind it, before the rest of the
   * text. LaVIN's modality token alone precedes it: 1. Hidden ones must be among them. Absent: all slots.
   */
  readonly beforeBegin?: number;
  /**
   * Slots that lose their positions in generation, once the shortest prompt of the batch ends: what comes behind it stands so
   * many positions too early. LaVIN's published program does this to its modality token, 1. Absent: none.
   */
  readonly uncountedLater?: number;
}

/**
 * Prompts that a block's own key and value projections read, without position encoding; they have
 * a softmax of their own, scaled by a gate (LLaMA-Adapter, section 3.2).
 */
export interface LayerPrompt {
  readonly layer: number;
  /** `[B or 1, K, hiddenSize]` */
  readonly prompts: Tensor3D;
  /** `[headCount]`, already through its activation (tanh in the published code). */
  readonly gate: Tensor1D;
  /** The projections read these prompts without what tunes them for everything else (LLaMA-Adapter V2's LoRA). @default false */
  readonly untuned?: boolean;
}

export interface HiddenShape {
  readonly batch: number;
  readonly length: number;
}

/** Acts on the activations at one insertion point (LaVIN's mixture-of-modality adapters). */
export interface BlockAdapter {
  /**
   * @param hidden `[batch * length, width]`
   * @param routes what `route` gave for these rows when they began; absent without `route`
   * @returns the same shape
   */
  apply(hidden: Tensor2D, shape: HiddenShape, routes?: Tensor2D): Tensor2D;
  /**
   * What the first positions of each row decide for all later ones, as LaVIN's router token does. Called
   * where rows begin; the model keeps the answer in its cache, so that generation follows the same rows.
   * @param hidden `[batch * length, width]`
   * @returns `[batch, routes]`
   */
  route?(hidden: Tensor2D, shape: HiddenShape): Tensor2D;
}

/** A linear layer of a language model that an ST may tune, such as `blocks.3.attention.query`. */
export interface TunableLinear {
  readonly name: string;
  readonly block: number;
  readonly inputSize: number;
  readonly outputSize: number;
}

/** A matrix of low rank (LoRA, Hu et al. 2021), as much of it as counts. */
export interface LowRankFactors {
  /** `[inputSize, rank]` */
  readonly down: Tensor2D;
  /** `[rank, outputSize]` */
  readonly up: Tensor2D;
}

/**
 * What an ST adds to one linear layer, whose own weights stay: `outputScale * (y W + (y down) up + b + bias)` with
 * `y = inputScale * x`. What is absent costs nothing. LLaMA-Adapter V2 (section 3.1) learns a bias and a scale; its paper scales outputs, its published
 * code inputs. The ST owns the parameters; norms of the LLM train as the LLM's own, by a plan's selection.
 */
export interface LinearTuning {
  /** `[inputSize]` */
  readonly inputScale?: Tensor1D;
  /** `[outputSize]` */
  readonly outputScale?: Tensor1D;
  /** `[outputSize]` */
  readonly bias?: Tensor1D;
  readonly lowRank?: LowRankFactors;
}

/** What an ST puts into an encoder or a language model. Several may be used at once, as LaVIN does. */
export interface Injection {
  readonly prefix?: PrefixInjection;
  readonly layerPrompts?: readonly LayerPrompt[];
  /** Adapters by the name of their insertion point. */
  readonly blockAdapters?: ReadonlyMap<string, BlockAdapter>;
  /** Tunings by the name of their linear layer, one of {@link TunableLinear | `LanguageModelShape.linears`}. */
  readonly linearTunings?: ReadonlyMap<string, LinearTuning>;
}
