import type {
  BlockAdapter,
  EncodedImages,
  Injection,
  InsertionPoint,
  Parameter,
  SemanticTransform,
  SemanticTransformContext,
  SemanticTransformWidths,
  Tensor1D,
  Tensor2D,
  Tensor3D,
  TransformContext,
} from '@eim/contracts/model';
import { silu } from '@eim/engine';
import { Embedding, Linear, normal, type ParameterScope, tidied, xavierUniform } from '@eim/nn';
import * as tf from '@tensorflow/tfjs-core';
import { adapterPoints } from './adapter-points.js';
import type { LavinOptions } from './lavin-options.js';
import { type PrefixWords, prefixWords, wordsWithoutTokenizer } from './prefix-words.js';
import { RouterAdapter, type Routing } from './router-adapter.js';
import { type VisualTokens, visualTokensOf } from './visual-tokens.js';

/** Adapters by the name of their insertion point. */
type Adapters = ReadonlyMap<string, RouterAdapter>;

/**
 * LaVIN's mixture-of-modality adaptation (Luo et al. 2023, "Cheap and Quick"): router adapters before the attention of every
 * block of LLM and encoder, and the prefix `[modality] <begin> "Image: " [visual tokens]`, or `[modality] <begin> "Image: N/A"`
 * before a text alone. No later position reads the modality token: it only feeds the LLM's routers, so these decide once for
 * each row.
 */
export class Lavin implements SemanticTransform {
  readonly widths: SemanticTransformWidths;
  readonly reads: VisualTokens['reads'];
  readonly hiddenLayers?: readonly number[];
  readonly prefixLength: number;
  readonly blankPictures: boolean;
  /** The shapes that it was made between. */
  readonly neighbours: Pick<SemanticTransformContext, 'encoder' | 'llm'>;
  /** Absent without adapters in the encoder. */
  readonly encoderInjection?: (context: TransformContext) => Injection;
  private readonly visual: VisualTokens;
  private readonly words: PrefixWords | undefined;
  private readonly llmAdapters: Adapters;
  private readonly squeeze: Linear;
  private readonly spread: Linear;
  private readonly modalities: Embedding;

  /**
   * @param scope where the parameters are created; they may get their values later
   * @throws EimError `invalid-config` where a neighbour has no place for what the options ask
   */
  constructor(
    readonly options: LavinOptions,
    { encoder, llm, tokenizer }: Pick<SemanticTransformContext, 'encoder' | 'llm' | 'tokenizer'>,
    private readonly scope: ParameterScope,
  ) {
    this.neighbours = { encoder, llm };
    const { hiddenSize } = llm;
    const { projectionSize, encoderAdapters, compat } = options;
    this.widths = { tokenSize: encoder.tokenSize, hiddenSize };
    this.blankPictures = compat.blankPictures;
    this.visual = visualTokensOf(options, encoder);
    this.reads = this.visual.reads;
    if (this.visual.hiddenLayers) this.hiddenLayers = this.visual.hiddenLayers;
    this.words = prefixWords(options, tokenizer);
    const encoderPoints = encoderAdapters ? adapterPoints('encoder', encoder.insertionPoints, options) : [];
    const llmPoints = adapterPoints('llm', llm.insertionPoints, options);
    const { picture = [], text = [] } = this.words ?? {};
    this.prefixLength = 1 + Math.max(picture.length + this.visual.count, text.length);

    if (encoderAdapters) {
      // depth 0: an encoder may be cached below its last blocks only where nothing of this learns
      const adapters = this.adapters('encoder', encoderPoints, 0);
      const routing = compat.batchRouting ? 'first-picture' : 'position';
      this.encoderInjection = (context) => ({ blockAdapters: acting(adapters, routing, context) });
    }
    this.llmAdapters = this.adapters('llm', llmPoints, 1);
    const projection = scope.child('projection', 1);
    this.squeeze = new Linear(projection.child('input'), {
      inputSize: this.visual.width,
      outputSize: projectionSize,
      initialise: xavierUniform,
    });
    this.spread = new Linear(projection.child('output'), {
      inputSize: projectionSize,
      outputSize: hiddenSize,
      initialise: xavierUniform,
    });
    this.modalities = new Embedding(scope.child('modality', 1), {
      count: 2,
      size: hiddenSize,
      initialise: normal(1),
    });
  }

  encoderParameters(): readonly Parameter[] {
    return this.scope.parameters().filter(({ depth }) => depth === 0);
  }

  transform(features: EncodedImages, context: TransformContext): Injection {
    const { compat } = this.options;
    return {
      prefix: {
        ...tidied(() => this.slots(features, context)),
        beforeBegin: 1,
        ...(compat.laterPositions && { uncountedLater: 1 }),
      },
      blockAdapters: acting(this.llmAdapters, 'row', context),
    };
  }

  parameters(): readonly Parameter[] {
    return this.scope.parameters();
  }

  dispose(): void {
    this.scope.dispose();
  }

  private adapters(side: string, points: readonly InsertionPoint[], depth: number): Adapters {
    const scope = this.scope.child(side);
    return new Map(
      points.map((point) => [
        point.name,
        new RouterAdapter(scope.child(`blocks.${point.block}`, depth), point, this.options),
      ]),
    );
  }

  /** Both kinds of prefix for every row, and of them the one that its modality asks for. */
  private slots(features: EncodedImages, { batch, modality, embed }: TransformContext) {
    const { words, prefixLength: length } = this;
    if (!words) throw wordsWithoutTokenizer();
    const { hiddenSize } = this.widths;
    const kinds = tf.reshape(this.modalities.apply(modality), [batch, 1, hiddenSize]) as Tensor3D; // [B, 1, H]
    const said = (ids: readonly number[]): Tensor3D[] => {
      if (ids.length === 0) return [];
      const row = embed(tf.tensor2d([...ids], [1, ids.length], 'int32')); // [1, W, H]
      return [tf.tile(row, [batch, 1, 1])]; // [B, W, H]
    };
    const filled = (parts: readonly Tensor3D[]): Tensor3D => {
      const missing = length - 1 - parts.reduce((sum, { shape }) => sum + shape[1], 0);
      return tf.concat(
        [...parts, ...(missing > 0 ? [tf.zeros<tf.Rank.R3>([batch, missing, hiddenSize])] : [])],
        1,
      ); // [B, K-1, H]
    };
    const shown = filled([...said(words.picture), this.project(features, batch)]); // [B, K-1, H]
    const hidden = filled(said(words.text)); // [B, K-1, H]
    const isShown = tf.reshape(tf.cast(modality, 'float32'), [batch, 1]) as Tensor2D; // [B, 1]
    const chosen = chosenRows(tf.reshape(isShown, [batch, 1, 1]), shown, hidden); // [B, K-1, H]
    const real = chosenRows(
      isShown,
      realSlots(words.picture.length + this.visual.count, length - 1),
      realSlots(words.text.length, length - 1),
    ); // [B, K-1]
    return {
      embeddings: tf.concat([kinds, chosen], 1), // [B, K, H]
      mask: tf.concat<Tensor2D>([tf.ones([batch, 1]), real], 1), // [B, K]
      visibleToLater: tf.tensor1d(Array.from({ length }, (_, slot) => (slot === 0 ? 0 : 1))) as Tensor1D, // [K]
    };
  }

  /** @returns `[B, count, H]` */
  private project(features: EncodedImages, batch: number): Tensor3D {
    const small = silu(this.squeeze.apply(this.visual.from(features))); // [B*count, projectionSize]
    return tf.reshape(this.spread.apply(small), [batch, this.visual.count, this.widths.hiddenSize]);
  }
}

const acting = (
  adapters: Adapters,
  routing: Routing,
  context: TransformContext,
): ReadonlyMap<string, BlockAdapter> =>
  new Map([...adapters].map(([name, adapter]) => [name, adapter.acting(routing, context)]));

/** 1 in the first `count` of `length` slots. @returns `[1, length]` */
const realSlots = (count: number, length: number): Tensor2D =>
  tf.tensor2d(
    Array.from({ length }, (_, slot) => (slot < count ? 1 : 0)),
    [1, length],
  );

/** `first` where `choice` is 1, `second` where it is 0. */
const chosenRows = <Shape extends tf.Tensor>(choice: tf.Tensor, first: Shape, second: Shape): Shape =>
  tf.add(tf.mul(choice, first), tf.mul(tf.sub(1, choice), second)) as Shape;
