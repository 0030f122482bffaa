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
  Tensor2D,
  Tensor3D,
  TunableLinear,
} from '@eim/contracts/model';
import { embedding, matMul } from '@eim/engine';
import {
  checkBlockStart,
  checkForward,
  continuedRows,
  decoderBias,
  decodeTokens,
  dropped,
  Embedding,
  LayerNorm,
  type ModelVocabulary,
  normal,
  type ParameterScope,
  type StackResult,
  TransformerCache,
  TransformerStack,
  tidied,
  transformerInsertionPoints,
  tunableLinears,
} from '@eim/nn';
import * as tf from '@tensorflow/tfjs-core';
import type { Gpt2Options } from './gpt2-options.js';

/** GPT-2: learned positions, pre-norm blocks with tanh-GELU, a final norm and a head, tied to the embeddings but for an option. */
export class Gpt2 implements LanguageModel {
  readonly hiddenSize: number;
  readonly blockCount: number;
  readonly headCount: number;
  readonly contextLength: number;
  readonly vocabularySize: number;
  readonly recomputesBlocks = true;
  readonly insertionPoints: readonly InsertionPoint[];
  readonly linears: readonly TunableLinear[];
  readonly specialTokens: SpecialTokens;
  readonly stopTokens: readonly number[];
  readonly tokenizer?: Tokenizer;
  private readonly tokens: Embedding;
  private readonly positions: Embedding;
  private readonly stack: TransformerStack;
  private readonly finalNorm: LayerNorm;
  private readonly head: Embedding;

  /** @param scope where the parameters are created; they may get their values later */
  constructor(
    readonly options: Gpt2Options,
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
    this.linears = tunableLinears({ ...options, size: hiddenSize });

    const initialise = normal(options.initialStandardDeviation);
    // section 2.3: what adds to the residual stream shrinks with the number of layers that add to it
    const residual = normal(options.initialStandardDeviation / Math.sqrt(2 * blockCount));
    const table = { count: this.vocabularySize, size: hiddenSize, initialise };
    this.tokens = new Embedding(scope.child('tokens'), table);
    this.positions = new Embedding(scope.child('positions'), {
      count: contextLength,
      size: hiddenSize,
      initialise,
      role: 'position',
    });
    this.stack = new TransformerStack(scope, {
      size: hiddenSize,
      blockCount,
      headCount,
      feedForwardSize: options.feedForwardSize,
      activation: options.activation,
      normEpsilon: epsilon,
      attentionDropout: options.attentionDropout,
      residualDropout: options.residualDropout,
      initialise: {
        queryKeyValue: initialise,
        attentionOutput: residual,
        feedForwardInput: initialise,
        feedForwardOutput: residual,
      },
    });
    const end = blockCount + 1;
    this.finalNorm = new LayerNorm(scope.child('finalNorm', end), { size: hiddenSize, epsilon });
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
    const keyLength = (past?.length ?? 0) + length; // S
    checkForward('GPT-2', this, embeddings, keyLength, options);
    const { logits, cache, after } = tidied(() => {
      const { mask, positions, padding } = continuedRows(past, length, options);
      const positioned = this.addPositions(embeddings, past?.length ?? 0, positions); // [B, T, D]
      const x: Tensor2D = tf.reshape(positioned, [batch * length, width]); // [B*T, D]
      const visibleToLater = injection?.prefix?.visibleToLater;
      const bias = decoderBias({ queryLength: length, keyLength, mask, visibleToLater, padding }); // [1 or B, 1, T, S]
      const context = { batch, length, bias, cache: past, injection, training, random, recomputeBlocks };
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
    checkBlockStart('GPT-2', this, start, [-1, -1, this.hiddenSize]);
    checkForward('GPT-2', this, start.hidden, length, options);
    const { logits, after } = tidied(() => {
      const x: Tensor2D = tf.reshape(start.hidden, [batch * length, width]); // [B*T, D]
      const visibleToLater = injection?.prefix?.visibleToLater;
      const bias = decoderBias({ queryLength: length, keyLength: length, mask, visibleToLater }); // [1 or B, 1, T, T]
      const context = { batch, length, bias, injection, training, random, recomputeBlocks };
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
    const logits = matMul(this.finalNorm.apply(rows), this.head.table, { transposeB: true }) as Tensor2D; // [N, V]
    const after = Object.entries(afterBlock).map(([block, states]): [number, Tensor3D] => [
      Number(block),
      tf.reshape(states, shape), // [B, T, D]
    ]);
    return { logits, after };
  }

  private addPositions(x: Tensor3D, offset: number, positions: Tensor2D | undefined): Tensor3D {
    const { table } = this.positions;
    return tf.add(
      x,
      positions === undefined
        ? tf.slice(table, [offset, 0], [x.shape[1], this.hiddenSize]) // [T, D]
        : this.positions.apply(positions), // [B, T, D]
    );
  }
}
