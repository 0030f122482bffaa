import type { ImagePreprocessing } from '../picture.js';
import type { Injection, InsertionPoint } from './injection.js';
import type { Parametric } from './parameter.js';
import type { RandomStream } from './random.js';
import type { Tensor2D, Tensor3D, Tensor4D } from './tensor.js';

/** The widths that an ST needs to know of an encoder. */
export interface ImageEncoderShape {
  readonly pooledSize: number;
  readonly tokenSize: number;
  /** Tokens per picture in `EncodedImages.tokens`. */
  readonly tokenCount: number;
  readonly blockCount: number;
  readonly insertionPoints: readonly InsertionPoint[];
  /** Whether the first of the tokens, in `hidden` too, is a class token. @default false */
  readonly classToken?: boolean;
  /** Shape of `hidden` after a block (1-based). Absent: `[tokenCount, tokenSize]` after each. */
  hiddenShape?(block: number): readonly [tokenCount: number, tokenSize: number];
}

export interface EncodeOptions {
  readonly injection?: Injection;
  /** Blocks whose outputs are wanted in `hidden`, counted from 1: n means "after block n". */
  readonly hiddenLayers?: readonly number[];
  /** Dropout and the like are active. Needs `random`. @default false */
  readonly training?: boolean;
  /**
   * In training: what each block computes on the way to its output is not kept for the backward pass but computed again
   * there. For parts that say so by `recomputesBlocks`.
   */
  readonly recomputeBlocks?: boolean;
  /**
   * `[B, K]` int32, for each picture the patches that are looked at, each in `[0, patchCount)` and none twice; the others are left
   * out, their work included. For encoders with a `patchCount`, and for `encode` alone. Absent: all.
   */
  readonly keptPatches?: Tensor2D;
  readonly random?: RandomStream;
}

/** Hidden states to go on from: what came out of a block, in place of what goes in at the bottom. */
export interface BlockStart {
  /** 1-based, as "after block n"; at most `blockCount`. */
  readonly block: number;
  /** `[B, N, D]`, what `hidden` holds of that block. */
  readonly hidden: Tensor3D;
}

/** One of an encoder's outputs. Outputs of single blocks are asked for by `hiddenLayers`. */
export type FeatureName = 'pooled' | 'tokens';

/**
 * The outputs of an encoder for a batch of pictures. `encode` gives all of them; a cache holds only those that are named by
 * the `reads` of the ST and of the objective.
 */
export interface EncodedImages {
  /** `[B, pooledSize]`, one vector a picture, not normalised. */
  readonly pooled?: Tensor2D;
  /** `[B, tokenCount, tokenSize]`. CLIP ViT: last hidden state before the final norm, class token first; a convolutional encoder: the last grid, row by row. */
  readonly tokens?: Tensor3D;
  /** `[B, N, D]` by block number, where asked for, as the encoder's `hiddenShape` says. */
  readonly hidden?: ReadonlyMap<number, Tensor3D>;
}

/** All outputs of an encoder, hidden layers where they were asked for. */
export type WholeEncodedImages = EncodedImages & Required<Pick<EncodedImages, FeatureName>>;

export interface ImageEncoder extends ImageEncoderShape, Parametric {
  /**
   * The patches of a picture, where `encode` obeys `keptPatches`. Of K patches kept, its tokens are those beside patches, such as a
   * class token, and K others in the order in which they are named: `tokenCount - patchCount + K`. Absent: it cannot.
   */
  readonly patchCount?: number;
  /** It obeys `recomputeBlocks`. */
  readonly recomputesBlocks?: true;
  readonly preprocessing: ImagePreprocessing;
  /**
   * A pure function of its tensors.
   * @param pixels `[B, imageSize, imageSize, 3]`, preprocessed
   */
  encode(pixels: Tensor4D, options?: EncodeOptions): WholeEncodedImages;
  /**
   * The rest of `encode` from the hidden states after a block on, equal to the whole pass, so frozen lower blocks need to run
   * only once for each picture. An injection acts in later blocks alone, and `hidden` holds later blocks alone. Absent: this
   * encoder cannot start at a block.
   */
  encodeFrom?(start: BlockStart, options?: EncodeOptions): WholeEncodedImages;
}

/** Text to one vector a row: the other side of contrastive training and of CLIPScore. */
export interface TextEncoder extends Parametric {
  readonly pooledSize: number;
  /** The longest text in tokens. */
  readonly contextLength: number;
  /** Ids that it knows: less than this. Absent: it does not say. */
  readonly vocabularySize?: number;
  /**
   * @param ids `[B, T]` int32
   * @param mask `[B, T]`, 1 where a token is real
   * @returns `[B, pooledSize]`, not normalised
   */
  encodeText(
    ids: Tensor2D,
    mask: Tensor2D,
    options?: Omit<EncodeOptions, 'hiddenLayers' | 'recomputeBlocks' | 'keptPatches'>,
  ): Tensor2D;
}

/** A text encoder with the words that it was trained on. */
export interface TextSide {
  readonly encoder: TextEncoder;
  /** A text as ids between the special tokens of its family, cut to the encoder's context with the last of them kept. */
  encode(text: string): readonly number[];
  /** What stands behind the end of shorter texts. */
  readonly padId: number;
}
