import type { SpecialTokens, Tokenizer } from '@eim/contracts';
import type {
  BlockStart,
  ForwardOptions,
  ForwardResult,
  GeneratedStep,
  GenerateRequest,
  InsertionPoint,
  LanguageModel,
  Parameter,
  ReadOnlyWeight,
  Tensor2D,
  Tensor3D,
  TunableLinear,
} from '@eim/contracts/model';
import { embedding } from '@eim/engine';
import {
  checkBlockStart,
  checkForward,
  continuedRows,
  decoderBias,
  decodeTokens,
  dropped,
  Embedding,
  type ModelVocabulary,
  normal,
  type ParameterScope,
  RmsNorm,
  type StackResult,
  TransformerCache,
  TransformerStack,
  tidied,
  transformerInsertionPoints,
  tunableLinears,
} from '@eim/nn';
import * as tf from '@tensorflow/tfjs-core';
import { headSizeOf, type LlamaOptions } from './llama-options.js';
import { RotaryEmbedding } from './rotary/rotary-embedding.js';

/** LLaMA: rotary positions, pre-norm blocks with RMSNorm and SwiGLU, grouped key and value heads. */
export class Llama implements LanguageModel {
  readonly hiddenSize: number;
  readonly blockCount: number;
  readonly headCount: number;
  readonly contextLength: number;
  readonly vocabularySize: number;
  readonly recomputesBlocks = true;
  readonly readsTextsWhole: boolean;
  readonly insertionPoints: readonly InsertionPoint[];
  readonly linears: readonly TunableLinear[];
  readonly specialTokens: SpecialTokens;
  readonly stopTokens: readonly number[];
  readonly tokenizer?: Tokenizer;
  private readonly rotary: RotaryEmbedding;
  private readonly tokens: Embedding;
  private readonly stack: TransformerStack;
  private readonly finalNorm: RmsNorm;
  private readonly head: Embedding;

  /** @param scope where the parameters are created; they may get their values later */
  constructor(
    readonly options: LlamaOptions,
    vocabulary: ModelVocabulary,
    private readonly scope: ParameterScope,
  ) {
    const { hiddenSize, blockCount, headCount, contextLength, normEpsilon: epsilon } = options;
    this.hiddenSize = hiddenSize;
    this.blockCount = blockCount;
    this.headCount = headCount;
    this.contextLength = contextLength;
    this.vocabularySize = vocabulary.vocabularySize;
    this.specialTokens = vocabulary.specialTokens;
    this.stopTokens = options.stopTokens ?? [vocabulary.specialTokens.end];
    if (vocabulary.tokenizer !== undefined) this.tokenizer = vocabulary.tokenizer;
    this.insertionPoints = transformerInsertionPoints(blockCount, hiddenSize);
    const headSize = headSizeOf(options);
    this.linears = tunableLinears({ ...options, headSize, size: hiddenSize, gated: true });
    this.readsTextsWhole = options.ropeScaling?.type === 'dynamic';
    this.rotary = new RotaryEmbedding({ ...options, headSize });

    const initialise = normal(options.initialStandardDeviation);
    const table = { count: this.vocabularySize, size: hiddenSize, initialise };
    this.tokens = new Embedding(scope.child('tokens'), table);
    this.stack = new TransformerStack(scope, {
      size: hiddenSize,
      blockCount,
      headCount,
      headSize,
      keyValueHeadCount: options.keyValueHeadCount ?? headCount,
      feedForwardSize: options.feedForwardSize,
      activation: options.activation,
      gated: true,
      norm: 'rms',
      normEpsilon: epsilon,
      queryKeyValueBias: options.queryKeyValueBias,
      attentionOutputBias: options.attentionOutputBias,
      gatedBias: options.feedForwardBias,
      attentionDropout: options.attentionDropout,
      residualDropout: options.residualDropout,
      initialise: {
        queryKeyValue: initialise,
        attentionOutput: initialise,
        feedForwardInput: initialise,
        feedForwardOutput: initialise,
      },
    });
    const end = blockCount + 1;
    this.finalNorm = new RmsNorm(scope.child('finalNorm', end), { size: hiddenSize, epsilon });
    this.head = options.tiedHead
      ? this.tokens
      : new Embedding(scope.child('head', end), { ...table, role: 'weight' });
  }

  embed(ids: Tensor2D): Tensor3D {
    return this.tokens.apply(ids) as Tensor3D; // [B, T, D]
  }

  forward(embeddings: Tensor3D, options: ForwardOptions = {}): ForwardResult {
    const { injection, training, random, useCache, hiddenLayers, recomputeBlocks } = options;
    const [batch, length, width] = embeddings.shape;
    const past = options.cache && TransformerCache.from(options.cache, this.blockCount, batch);
    const offset = past?.length ?? 0;
    const keyLength = offset + length; // S
    checkForward('LLaMA', this, embeddings, keyLength, options);
    const { logits, cache, after } = tidied(() => {
      const { mask, positions, padding } = continuedRows(past, length, options);
      const x: Tensor2D = tf.reshape(embeddings, [batch * length, width]); // [B*T, D]
      const visibleToLater = injection?.prefix?.visibleToLater;
      const bias = decoderBias({ queryLength: length, keyLength, mask, visibleToLater, padding }); // [1 or B, 1, T, S]
      const rotary = this.rotary.tables(positions, offset, embeddings.shape);
      const context = {
        batch,
        length,
        bias,
        rotary,
        cache: past,
        useCache,
        injection,
        training,
        random,
        recomputeBlocks,
      };
      const entering = dropped(x, this.options.embeddingDropout, context); // [B*T, D]
      const result = this.stack.apply(entering, context, hiddenLayers);
      const { logits, after } = this.readOut(result, embeddings.shape, options);
      return { logits, after, ...(useCache && { cache: result.cache }) };
    });
    return { logits, ...(cache && { cache }), ...(hiddenLayers && { hidden: new Map(after) }) };
  }

  forwardFrom(start: BlockStart, options: Omit<ForwardOptions, 'cache' | 'useCache'> = {}): ForwardResult {
    const { mask, injection, training, random, hiddenLayers, recomputeBlocks } = options;
    const [batch, length, width] = start.hidden.shape;
    checkBlockStart('LLaMA', this, start, [-1, -1, this.hiddenSize]);
    checkForward('LLaMA', this, start.hidden, length, options);
    const { logits, after } = tidied(() => {
      const x: Tensor2D = tf.reshape(start.hidden, [batch * length, width]); // [B*T, D]
      const visibleToLater = injection?.prefix?.visibleToLater;
      const bias = decoderBias({ queryLength: length, keyLength: length, mask, visibleToLater }); // [1 or B, 1, T, T]
      const rotary = this.rotary.tables(options.positions, 0, start.hidden.shape);
      const context = { batch, length, bias, rotary, injection, training, random, recomputeBlocks };
      const result = this.stack.apply(x, context, hiddenLayers, start.block);
      return this.readOut(result, start.hidden.shape, options);
    });
    return { logits, ...(hiddenLayers && { hidden: new Map(after) }) };
  }

  generate(request: GenerateRequest): AsyncIterable<GeneratedStep> {
    return decodeTokens(this, request);
  }

  parameters(): readonly Parameter[] {
    return this.scope.parameters();
  }

  readOnlyWeights(): readonly ReadOnlyWeight[] {
    return this.scope.readOnlyWeights();
  }

  dispose(): void {
    this.scope.dispose();
  }

  /** Logits, and the hidden states that were asked for by block. */
  private readOut(
    { hidden, afterBlock }: StackResult,
    shape: [number, number, number],
    { select }: ForwardOptions,
  ): { logits: Tensor2D; after: [number, Tensor3D][] } {
    const rows = select === undefined ? hidden : (embedding(hidden, select) as Tensor2D); // [N, D]
    const logits = this.head.scores(this.finalNorm.apply(rows)); // [N, V]
    const after = Object.entries(afterBlock).map(([block, states]): [number, Tensor3D] => [
      Number(block),
      tf.reshape(states, shape), // [B, T, D]
    ]);
    return { logits, after };
  }
}
