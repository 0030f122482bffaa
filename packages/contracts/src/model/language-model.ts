import type { AbortSignalLike } from '../abort-signal-like.js';
import type { SpecialTokens, Tokenizer } from '../tokenizer.js';
import type { BlockStart } from './image-encoder.js';
import type { Injection, InsertionPoint, TunableLinear } from './injection.js';
import type { Parametric } from './parameter.js';
import type { RandomStream } from './random.js';
import type { Tensor1D, Tensor2D, Tensor3D } from './tensor.js';

/** The widths that an ST needs to know of a language model. */
export interface LanguageModelShape {
  readonly hiddenSize: number;
  readonly blockCount: number;
  readonly headCount: number;
  readonly vocabularySize: number;
  /** Positions, the prefix included. */
  readonly contextLength: number;
  readonly insertionPoints: readonly InsertionPoint[];
  /** Linear layers that `Injection.linearTunings` may tune. Absent: none. */
  readonly linears?: readonly TunableLinear[];
}

/**
 * Keys and values of the positions seen so far, in slots. Rows may hold different numbers of positions: the last
 * `lengths[i]` slots of row i hold its own, in order, and those before them hold nothing and are seen by no position. So
 * rows that begin at different times go on side by side, as a server's requests do.
 *
 * `gather`, `join` and `cut` give a new cache with as many slots as its longest row; the old ones stay, and everything is
 * owned by the caller, who disposes of it. Values that adapters routed when a row began go with the row.
 */
export interface KeyValueCache {
  /** Slots. */
  readonly length: number;
  /**
   * Positions that each row holds: at most `length`, and fewer where `join` or `cut` put rows of different lengths
   * together. Positions that a caller's mask hides count too.
   */
  readonly lengths: readonly number[];
  /**
   * Row i of the result is row `indices[i]`. So beams are reordered; a row that is not named leaves; a row that is named twice
   * goes on twice from there.
   */
  gather(indices: readonly number[]): KeyValueCache;
  /**
   * These rows, then the other cache's.
   * @throws EimError `width-mismatch` for a cache of another model, `invalid-argument` where other adapters have routed
   */
  join(other: KeyValueCache): KeyValueCache;
  /** The first `length` positions of every row; rows that hold fewer stay as they are. */
  cut(length: number): KeyValueCache;
  dispose(): void;
}

export interface ForwardOptions {
  /**
   * `[B, S + T]`: over the S slots of the cache, where there is one, and the T positions of this call; 1 where a token is
   * real. Slots that hold nothing of their row stay hidden, whatever the mask says. Absent: all others are real.
   */
  readonly mask?: Tensor2D;
  /** `[B, T]` int32. Absent: 0..T-1 after the positions that the cache holds of each row. */
  readonly positions?: Tensor2D;
  readonly cache?: KeyValueCache;
  /** Return a cache for the next call. @default false */
  readonly useCache?: boolean;
  /** The embeddings of its `prefix` are already in `embeddings`; `visibleToLater`, layer prompts, adapters and tunings act here. */
  readonly injection?: Injection;
  /**
   * `[N]` int32 indices into the flattened `[B*T]` rows: logits of these alone, in this order. Where most
   * rows are not supervised, this saves most of the product with the vocabulary.
   */
  readonly select?: Tensor1D;
  /** Blocks (1-based, as "after block n") whose outputs are wanted in `hidden`. A model without `forwardFrom` may ignore it. */
  readonly hiddenLayers?: readonly number[];
  readonly training?: boolean;
  readonly random?: RandomStream;
  /**
   * In training: what each block computes on the way to its output is not kept for the backward pass but computed again
   * there. For parts that say so by `recomputesBlocks`.
   */
  readonly recomputeBlocks?: boolean;
}

export interface ForwardResult {
  /** `[B * T, vocabularySize]`, or `[N, vocabularySize]` with `select`. */
  readonly logits: Tensor2D;
  readonly cache?: KeyValueCache;
  /** `[B, T, hiddenSize]` by block number, where asked for. */
  readonly hidden?: ReadonlyMap<number, Tensor3D>;
}

export interface GenerateRequest {
  /** `[B, T, hiddenSize]`: prefix and prompt, real slots first or left-padded, per `mask`. */
  readonly embeddings: Tensor3D;
  /** `[B, T]` */
  readonly mask?: Tensor2D;
  readonly injection?: Injection;
  readonly maxNewTokens: number;
  /** Ids that end a row and are not part of it. */
  readonly stopTokens: readonly number[];
  /** 0 is greedy, the first index winning ties. @default 0 */
  readonly temperature?: number;
  readonly topK?: number;
  readonly topP?: number;
  /**
   * Above 1: ids that came before are less likely, equally so however often they came (transformers,
   * `RepetitionPenaltyLogitsProcessor`). @default 1
   */
  readonly repetitionPenalty?: number;
  /** Ids of each row's prompt, which the repetition penalty counts as well. Absent: new ids alone. */
  readonly promptIds?: readonly (readonly number[])[];
  /** Above 1: beam search; excludes a temperature above 0. @default 1 */
  readonly beams?: number;
  /** Exponent of the generated length that a beam's log-probability is divided by. @default 1 */
  readonly lengthPenalty?: number;
  readonly random?: RandomStream;
  /** Aborted: the iteration rejects with the signal's reason before its next step. */
  readonly signal?: AbortSignalLike;
}

/** One decoding step, for every row at once. Beam search yields once, at the end. */
export interface GeneratedStep {
  /** New ids by row since the last step; empty once the row has ended. */
  readonly ids: readonly (readonly number[])[];
  readonly done: boolean;
}

export interface LanguageModel extends LanguageModelShape, Parametric {
  /** It obeys `recomputeBlocks`. */
  readonly recomputesBlocks?: true;
  /**
   * What a position becomes depends on the length of the text that is read with it, so a prompt is read in one pass from its
   * beginning on. Absent: reading it in pieces, with a cache, gives the same.
   */
  readonly readsTextsWhole?: boolean;
  readonly specialTokens: SpecialTokens;
  /** Ids that end an answer. Absent: the end token alone. */
  readonly stopTokens?: readonly number[];
  readonly tokenizer?: Tokenizer;
  /** @param ids `[B, T]` int32 @returns `[B, T, hiddenSize]`, without position embeddings */
  embed(ids: Tensor2D): Tensor3D;
  /** A pure function of its tensors. @param embeddings `[B, T, hiddenSize]` */
  forward(embeddings: Tensor3D, options?: ForwardOptions): ForwardResult;
  /**
   * The rest of `forward` from the hidden states after a block on, equal to the whole pass with the same options: so frozen
   * lower blocks need to run only once for each text. Keys and values of the blocks below are missing, so it neither takes nor gives a
   * cache. An injection acts in later blocks alone. Absent: this model cannot start at a block.
   */
  forwardFrom?(start: BlockStart, options?: Omit<ForwardOptions, 'cache' | 'useCache'>): ForwardResult;
  generate(request: GenerateRequest): AsyncIterable<GeneratedStep>;
}
