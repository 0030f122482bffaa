import type { Tokenizer } from '../tokenizer.js';
import type { EncodedImages, FeatureName } from './image-encoder.js';
import type { Injection } from './injection.js';
import type { Parameter, Parametric } from './parameter.js';
import type { RandomStream } from './random.js';
import type { Tensor1D, Tensor2D, Tensor3D } from './tensor.js';

/** The rows that an ST works for. Filled in by `@eim/core` alone, in the same way for training, answering and checks. */
export interface TransformContext {
  readonly batch: number;
  /** `[batch]` int32 by row: 1 for a picture, 0 for text, whose features are zeros. A tensor, so that a recorded step takes any mixture. */
  readonly modality: Tensor1D;
  /** `[batch, P]` int32, the prompt that follows, where an ST with `readsPrompts` runs. */
  readonly promptIds?: Tensor2D;
  /** `[batch, P]`, 1 where `promptIds` is of the prompt */
  readonly promptMask?: Tensor2D;
  /** The LLM's `embed`, for an ST whose prefix holds words of its own (LaVIN's "Image: " before the visual tokens). */
  readonly embed: (ids: Tensor2D) => Tensor3D;
  /** The tokenizer for those words. Absent: there is none. */
  readonly tokenizer?: Tokenizer;
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
  /** Outputs of the encoder that `transform` reads; `hiddenLayers` come beside them. */
  readonly reads: readonly FeatureName[];
  /** Encoder blocks (1-based) whose outputs `transform` reads. */
  readonly hiddenLayers?: readonly number[];
  /** Slots that `transform` puts before the text; 0 where it puts none. */
  readonly prefixLength: number;
  /** Whether it reads each row's prompt; it then runs once for each row, not once for each picture. @default false */
  readonly readsPrompts?: boolean;
  /**
   * Whether rows of text show a picture of zeros, as preprocessed, which the encoder reads as any other, so that their features
   * are not zeros. For systems that were trained so, at the cost of one picture more a batch. @default false
   */
  readonly blankPictures?: boolean;
  /**
   * Values that the published weights of the ST hold for parameters of the LLM, by their names there: LLaMA's norms in the files
   * of LLaMA-Adapter V2. `createModel` of `@eim/core` gives them to the LLM; whoever joins parts otherwise calls `giveLlmValues`.
   */
  readonly llmValues?: ReadonlyMap<string, Float32Array>;
  /** What enters the encoder before it runs, for `context.batch` pictures. */
  encoderInjection?(context: TransformContext): Injection | undefined;
  /** Parameters that `encoderInjection` reads. If none of them learns, the outputs of a frozen encoder are cached. Absent: all parameters. */
  encoderParameters?(): readonly Parameter[];
  /**
   * What enters the LLM. Rows without a picture come with features of zeros, unless `blankPictures` says otherwise; a prefix that has no `mask` of its own is hidden
   * in them.
   * @param features those named by `reads` and `hiddenLayers`, of `context.batch` rows
   */
  transform(features: EncodedImages, context: TransformContext): Injection;
}
