import type { AbortSignalLike } from '../abort-signal-like.js';
import type { SpecialTokens, Tokenizer } from '../tokenizer.js';
import type { Injection, InsertionPoint } from './injection.js';
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
}

/** Keys and values of the positions seen so far. Owned by the caller, who disposes of it. */
export interface KeyValueCache {
  readonly length: number;
  /** Rows by index, for beam search: row i of the result is row `indices[i]`. A new cache; the old stays. */
  gather(indices: readonly number[]): KeyValueCache;
  dispose(): void;
}

export interface ForwardOptions {
  /** `[B, T]` over the positions of this call and, with a cache, all before: 1 where a token is real. */
  readonly mask?: Tensor2D;
  /** `[B, T]` int32. Absent: 0..T-1 after the cached positions. */
  readonly positions?: Tensor2D;
  readonly cache?: KeyValueCache;
  /** Return a cache for the next call. @default false */
  readonly useCache?: boolean;
  /** Its `prefix` is already in `embeddings`; `visibleToLater`, prompts and adapters act here. */
  readonly injection?: Injection;
  /**
   * `[N]` int32 indices into the flattened `[B*T]` rows: logits of these alone, in this order. Saves the
   * vocabulary product where most rows are not supervised.
   */
  readonly select?: Tensor1D;
  readonly training?: boolean;
  readonly random?: RandomStream;
}

export interface ForwardResult {
  /** `[B * T, vocabularySize]`, or `[N, vocabularySize]` with `select`. */
  readonly logits: Tensor2D;
  readonly cache?: KeyValueCache;
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
   * Above 1: ids that came before are less likely, once however often they came (transformers,
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
  readonly specialTokens: SpecialTokens;
  /** Ids that end an answer. Absent: the end token alone. */
  readonly stopTokens?: readonly number[];
  readonly tokenizer?: Tokenizer;
  /** @param ids `[B, T]` int32 @returns `[B, T, hiddenSize]`, without position embeddings */
  embed(ids: Tensor2D): Tensor3D;
  /** A pure function of its tensors. @param embeddings `[B, T, hiddenSize]` */
  forward(embeddings: Tensor3D, options?: ForwardOptions): ForwardResult;
  generate(request: GenerateRequest): AsyncIterable<GeneratedStep>;
}
