import type { EncodedImages, ImageEncoder } from './image-encoder.js';
import type { LanguageModel } from './language-model.js';
import type { Parametric } from './parameter.js';
import type { RandomStream } from './random.js';
import type { SemanticTransform } from './semantic-transform.js';
import type { Tensor, Tensor1D, Tensor2D, Tensor4D } from './tensor.js';

/** The three parts as an objective sees them. */
export interface ModelParts {
  readonly encoder: ImageEncoder;
  readonly st: SemanticTransform;
  readonly llm: LanguageModel;
}

/** One batch as named tensors: everything that varies from step to step. */
export interface Batch {
  /** Distinct pictures in the batch. */
  readonly pictureCount: number;
  /** Caption rows; `captionsPerPicture` consecutive rows share a picture. */
  readonly rowCount: number;
  readonly captionsPerPicture: number;
  /** `[P, H, W, 3]`; absent where the encoder is cached or not used. */
  readonly pixels?: Tensor4D;
  /** Cached encoder outputs of the P pictures; present exactly where `pixels` is not, if pictures are used. */
  readonly features?: EncodedImages;
  /** `[R, T]` int32: begin token where the family has one, caption, end, then pad. */
  readonly ids: Tensor2D;
  /** `[R, T]`, 1 where `ids` is real. */
  readonly mask: Tensor2D;
  /** `[N]` int32, flat indices into `[R*T]` of the tokens to predict (fixed N; the rest repeats index 0). */
  readonly targetIndices: Tensor1D;
  /** `[N]`, 1 for a real target and 0 for filling. */
  readonly targetWeights: Tensor1D;
}

export interface ObjectiveContext {
  readonly training: boolean;
  readonly random: RandomStream;
}

/** What a segment minimises. */
export interface Objective extends Partial<Parametric> {
  readonly name: string;
  /** Which parts run; the batch carries what they need, and the feature cache follows from it. */
  readonly uses: { readonly encoder: boolean; readonly st: boolean; readonly llm: boolean };
  /** Pure function of parameters and batch. @returns scalar, the mean loss */
  loss(parts: ModelParts, batch: Batch, context: ObjectiveContext): Tensor;
  /**
   * Held-out metrics over batches of one split, by name (`loss`, `retrieval@1`, ...). Reads values back,
   * so it runs outside steps. Every batch handed out is disposed of by the caller.
   */
  evaluate?(
    parts: ModelParts,
    batches: AsyncIterable<Batch>,
    context: ObjectiveContext,
  ): Promise<Record<string, number>>;
}
