import type { Picture } from '../picture.js';
import type { Row } from '../row.js';
import type { EncodedImages, FeatureName, ImageEncoder } from './image-encoder.js';
import type { LanguageModel } from './language-model.js';
import type { Parametric } from './parameter.js';
import type { RandomStream } from './random.js';
import type { SemanticTransform } from './semantic-transform.js';
import type { Tensor, Tensor1D, Tensor2D, Tensor3D, Tensor4D } from './tensor.js';

/** The three parts as an objective sees them. */
export interface ModelParts {
  readonly encoder: ImageEncoder;
  readonly st: SemanticTransform;
  readonly llm: LanguageModel;
}

/**
 * Rows of one step as named tensors: everything that varies from step to step. Shapes are few and fixed, so that a step
 * can be recorded once for each; masks and weights mark what is filling.
 */
export interface Batch {
  /** R. */
  readonly rowCount: number;
  /** P: pictures in the batch, filling included; 0 where no row has one. */
  readonly pictureCount: number;
  /** `[R, T]` int32: begin token where the family has one, prompt, answer, end, then pad. */
  readonly ids: Tensor2D;
  /** `[R, T]`, 1 where `ids` is real. A row without any is filling. */
  readonly mask: Tensor2D;
  /** `[R, T]`, 1 on the prompt, the begin token not counted. Absent: no row has a prompt. */
  readonly promptMask?: Tensor2D;
  /** `[N]` int32, flat indices into `[R*T]` of the tokens to predict: answers and their ends (fixed N; the rest repeats index 0). */
  readonly targetIndices: Tensor1D;
  /** `[N]`, 1 for a real target and 0 for filling. */
  readonly targetWeights: Tensor1D;
  /** `[R]` int32, the index of each row among the split's rows, by which objectives look up what they know about it. Filling: 0. */
  readonly rowIndices: Tensor1D;
  /** `[R]` int32, the picture of each row in `[0, P)`; 0 where it has none. Absent: no row has one. */
  readonly rowPictures?: Tensor1D;
  /** `[R]` int32, 1 for a row with a picture and 0 for text. Absent: all rows have one, or with `pictureCount` 0 none. */
  readonly modality?: Tensor1D;
  /** `[P]`, 1 where a picture is real. Absent: all are. */
  readonly pictureMask?: Tensor1D;
  /** How many rows each picture has, where all have equally many and rows lie in the order of their pictures. Sums over them then need no gathering. */
  readonly rowsPerPicture?: number;
  /** `[P, H, W, 3]`; absent where the encoder is cached or not used. */
  readonly pixels?: Tensor4D;
  /**
   * `[views * P, K]` int32: each picture is seen as several subsets of its patches, all pictures in one view before all in the next.
   * The encoder's outputs have `views * P` rows then. Only for objectives that say `takesViews`. Absent: whole pictures.
   */
  readonly keptPatches?: Tensor2D;
  /** Cached encoder outputs of the P pictures; present exactly where `pixels` is not, if pictures are used. */
  readonly features?: EncodedImages;
  /**
   * `[R, S, hiddenSize]`: what the frozen lower blocks of the LLM made of each row, its prefix included; zeros where a row is
   * filling. The LLM that the objective gets goes on from there by itself. Absent: the LLM runs whole.
   */
  readonly textStates?: Tensor3D;
  /** What the objective's `preparation` gave for this batch. */
  readonly prepared?: Readonly<Record<string, Tensor>>;
}

export interface ObjectiveContext {
  readonly training: boolean;
  readonly random: RandomStream;
  /**
   * Given where several batches make one optimizer step, which takes the mean over all of them: receives, as a scalar, how many
   * things the loss of this batch is the mean of. The first call counts. Not called: the batch's real targets.
   */
  readonly weigh?: (count: Tensor) => void;
}

export interface EvaluationContext extends ObjectiveContext {
  /** Rows of the split that is evaluated; `Batch.rowIndices` counts in them. */
  readonly rows?: readonly Row[];
  /**
   * Given where two evaluations are compared picture by picture: receives, for a metric that is a mean over pictures, the values
   * it is the mean of, in an order that every evaluation of the split has. Rows without a picture count by themselves. Not
   * called for a metric: a gate that asks for its pairs is refused by name.
   */
  readonly each?: (metric: string, values: Float32Array) => void;
}

/** Shape and type of a tensor that does not exist yet. */
export interface TensorShape {
  readonly shape: readonly number[];
  /** @default 'float32' */
  readonly dtype?: 'float32' | 'int32';
}

/**
 * What a loss needs and a recorded step cannot work out: answers that the model gives for the batch and their scores
 * (self-critical training), a teacher's soft targets looked up by `rowIndices`. Its tensors become inputs of the step, as
 * `batch.prepared`.
 */
export interface Preparation {
  /**
   * Whether what is prepared for a row depends on that row alone, without a draw: several processes may then share a batch.
   * `'pictures'`: what is prepared for a picture depends on the rows that show it, so that they may where no two rows show the same.
   * @default false
   */
  readonly byRow?: boolean | 'pictures';
  /** What `prepare` will give for a batch, by name: a step's cost is told from shapes, before anything is computed. */
  shapes(parts: ModelParts, batch: Batch): Readonly<Record<string, TensorShape>>;
  /**
   * Called before every training step and outside it, so that values may be read back and texts generated. What it computes
   * counts as training when a run measures, and is in no forecast.
   * @returns tensors of those shapes, which the caller disposes of with the batch
   */
  prepare(
    parts: ModelParts,
    batch: Batch,
    context: ObjectiveContext,
  ): Promise<Readonly<Record<string, Tensor>>>;
}

/**
 * How a loss that compares the things of a batch with each other compares those of all batches of an optimizer step, in the memory
 * of one (gradient caching, Gao et al. 2021, arXiv:2101.06983): a first pass gives the vectors of every batch, the loss is
 * differentiated by them, and a second pass carries these gradients on to the parameters. Both passes draw the same.
 */
export interface Comparison {
  /**
   * What is compared of one batch, by name, in any number of dimensions; those of several batches are laid one behind another along
   * the first. Shapes depend on no text's length. A pure function of parameters and batch, which has been prepared.
   */
  vectors(parts: ModelParts, batch: Batch, context: ObjectiveContext): Readonly<Record<string, Tensor>>;
  /** What the loss needs of all batches of a step and a recorded step cannot work out. Absent: nothing. */
  readonly preparation?: {
    /** As {@link Preparation.shapes}, for batches that are alike. */
    shapes(parts: ModelParts, batches: readonly Batch[]): Readonly<Record<string, TensorShape>>;
    /** @returns tensors of those shapes, which the caller disposes of */
    prepare(parts: ModelParts, batches: readonly Batch[]): Promise<Readonly<Record<string, Tensor>>>;
  };
  /**
   * The loss of one batch that holds all rows of the step. It depends on nothing but its arguments and the objective's own
   * parameters.
   * @returns scalar
   */
  loss(vectors: Readonly<Record<string, Tensor>>, prepared: Readonly<Record<string, Tensor>>): Tensor;
}

/** What an objective may ask for before the first step of its segment. */
export interface BeginContext {
  /** What the ST reads of each picture, as one vector: the pooled vector, and the mean over the tokens of every grid. @returns `[N, D]` */
  pictureVectors(pictures: readonly Picture[]): Promise<readonly Float32Array[]>;
}

/** What a segment minimises. */
export interface Objective extends Partial<Parametric> {
  readonly name: string;
  /** Which parts run; the batch carries what they need, and the feature cache follows from it. */
  readonly uses: { readonly encoder: boolean; readonly st: boolean; readonly llm: boolean };
  /** Outputs of the encoder that the objective reads itself, in addition to those that the ST reads. @default [] */
  readonly reads?: readonly FeatureName[];
  /** It takes batches that show several views of each picture (`Batch.keptPatches`), in any number of tokens. */
  readonly takesViews?: true;
  /**
   * The loss, and `evaluate` for each batch before it asks for the next, call `llm.forward` once, with the batch's rows in their
   * order. What goes in follows, row by row, from the batch's texts and what encoder and ST make of its pictures: nothing
   * is drawn, and no parameter of the objective's own enters. So where the lower blocks of the LLM and all before them are frozen,
   * they run once for each text. Absent: the LLM runs whole at every step.
   */
  readonly runsRowsOnce?: true;
  /**
   * Called once before the first step, with the model as the segment finds it: what depends on that, such as the pictures that its
   * encoder takes for alike, is worked out here. A resumed segment calls it again with those weights, so nothing of it needs to be
   * saved. What it computes counts as encoding when a run measures, and is in a forecast where `beginCost` says what it will be.
   * Absent: nothing.
   */
  begin?(parts: ModelParts, context: BeginContext): Promise<void>;
  /**
   * How many pictures `begin` asks the vectors of, all at once, and what it multiplies beyond that, for a forecast.
   * @param vectorSize D of the vectors
   */
  beginCost?(vectorSize: number): { readonly pictures: number; readonly multiplyAdds: number };
  /** What is worked out before each training step. Absent: nothing. */
  readonly preparation?: Preparation;
  /** Pure function of parameters and batch. @returns scalar, the mean loss */
  loss(parts: ModelParts, batch: Batch, context: ObjectiveContext): Tensor;
  /** The learning rate of one of its own parameters, by name, where it is another than the segment's. Absent, or undefined: the segment's. */
  learningRateOf?(name: string): number | undefined;
  /** For a loss that compares a batch's things with each other: how steps on several batches compare all. Absent: each batch by itself. */
  readonly comparison?: Comparison;
  /**
   * The loss of guessing without looking at the picture (`ln P` where one of P pictures is to be found). A segment that stays
   * there has collapsed, and a run says so. Absent, or undefined for a batch: there is no such number.
   */
  guessingLoss?(batch: Batch): number | undefined;
  /**
   * Multiply-adds that `evaluate` takes beyond the forward pass of `loss` over the same batches, such as comparing all pictures
   * with all captions of a split: for a forecast, at most. Absent: none.
   */
  comparisonCost?(parts: ModelParts, split: { readonly pictures: number; readonly captions: number }): number;
  /**
   * Held-out metrics over batches of one split, by name (`loss`, `retrieval@1`, ...). Reads values back,
   * so it runs outside steps. Every batch handed out is disposed of by the caller.
   */
  evaluate?(
    parts: ModelParts,
    batches: AsyncIterable<Batch>,
    context: EvaluationContext,
  ): Promise<Record<string, number>>;
}
