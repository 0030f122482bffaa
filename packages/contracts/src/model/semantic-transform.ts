import type { EncodedImages } from './image-encoder.js';
import type { Injection } from './injection.js';
import type { Parametric } from './parameter.js';
import type { RandomStream } from './random.js';
import type { Tensor2D, Tensor3D } from './tensor.js';

export interface TransformContext {
  readonly batch: number;
  /** By row. Rows of `text` have no picture; their features are absent or zeros. */
  readonly modality: readonly ('image' | 'text')[];
  /** `[B, P]` int32, the prompt that follows, where there is one. */
  readonly promptIds?: Tensor2D;
  /** `[B, P]` */
  readonly promptMask?: Tensor2D;
  /**
   * The LLM's `embed`, for an ST whose prefix holds words of its own (LaVIN's "Image: " before the visual
   * tokens). Absent where the caller has no LLM at hand.
   */
  readonly embed?: (ids: Tensor2D) => Tensor3D;
  readonly training?: boolean;
  readonly random?: RandomStream;
}

/** What an ST expects of its neighbours; composing checks it. Absent: it takes any. */
export interface SemanticTransformWidths {
  readonly pooledSize?: number;
  readonly tokenSize?: number;
  readonly tokenCount?: number;
  /** Width of what enters the LLM. */
  readonly hiddenSize: number;
}

/**
 * The network that carries picture features into the LLM's space. Everything is optional but `transform`:
 * ClipCap returns a prefix, LLaMA-Adapter layer prompts, LaVIN a prefix and adapters in both neighbours.
 */
export interface SemanticTransform extends Parametric {
  readonly widths: SemanticTransformWidths;
  /** Encoder blocks (1-based) whose outputs `transform` reads. */
  readonly hiddenLayers?: readonly number[];
  /** Slots that `transform` puts before the text; 0 where it puts none. */
  readonly prefixLength: number;
  /** What enters the encoder before it runs. */
  encoderInjection?(context: TransformContext): Injection | undefined;
  transform(features: EncodedImages | undefined, context: TransformContext): Injection;
}
