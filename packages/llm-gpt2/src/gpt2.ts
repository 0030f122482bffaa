import type { SpecialTokens, Tokenizer } from '@eim/contracts';
import type {
  ForwardOptions,
  ForwardResult,
  GeneratedStep,
  GenerateRequest,
  InsertionPoint,
  LanguageModel,
  Parameter,
  Tensor2D,
  Tensor3D,
} from '@eim/contracts/model';
import { embedding, matMul } from '@eim/engine';
import {
  checkForward,
  decoderBias,
  decodeTokens,
  dropped,
  Embedding,
  LayerNorm,
  type ModelVocabulary,
  normal,
  type ParameterScope,
  TransformerCache,
  TransformerStack,
  tidied,
  transformerInsertionPoints,
} from '@eim/nn';
import * as tf from '@tensorflow/tfjs-core';
import type { Gpt2Options } from './gpt2-options.js';

/** GPT-2: learned positions, pre-norm blocks with tanh-GELU, a final norm and a head tied to the embeddings. */
export class Gpt2 implements LanguageModel {
  readonly hiddenSize: number;
  readonly blockCount: number;
  readonly headCount: number;
  readonly contextLength: number;
  readonly vocabularySize: number;
  readonly insertionPoints: readonly InsertionPoint[];
  readonly specialTokens: SpecialTokens;
  readonly stopTokens: readonly number[];
  readonly tokenizer?: Tokenizer;
  private readonly tokens: Embedding;
  private readonly positions: Embedding;
  private readonly stack: TransformerStack;
  private readonly finalNorm: LayerNorm;

  /** @param scope where the parameters are created; they may get their values later */
  constructor(
    private readonly options: Gpt2Options,
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

    const initialise = normal(options.initialStandardDeviation);
    // section 2.3: what adds to the residual stream shrinks with the number of layers that add to it
    const residual = normal(options.initialStandardDeviation / Math.sqrt(2 * blockCount));
    this.tokens = new Embedding(scope.child('tokens'), {
      count: this.vocabularySize,
      size: hiddenSize,
      initialise,
    });
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
    this.finalNorm = new LayerNorm(scope.child('finalNorm', blockCount + 1), { size: hiddenSize, epsilon });
  }

  embed(ids: Tensor2D): Tensor3D {
    return this.tokens.apply(ids) as Tensor3D; // [B, T, D]
  }

  forward(embeddings: Tensor3D, options: ForwardOptions = {}): ForwardResult {
    const { mask, injection, training, random, useCache, select } = options;
    const [batch, length, width] = embeddings.shape;
    const past = options.cache && TransformerCache.from(options.cache, this.blockCount, batch);
    const keyLength = (past?.length ?? 0) + length; // S
    checkForward('GPT-2', this, embeddings, keyLength, options);
    return tidied(() => {
      const positioned = this.addPositions(embeddings, past?.length ?? 0, options.positions); // [B, T, D]
      const x: Tensor2D = tf.reshape(positioned, [batch * length, width]); // [B*T, D]
      const visibleToLater = injection?.prefix?.visibleToLater;
      const bias = decoderBias({ queryLength: length, keyLength, mask, visibleToLater }); // [1 or B, 1, T, S]
      const context = { batch, length, bias, cache: past, injection, training, random };
      const { hidden, cache } = this.stack.apply(dropped(x, this.options.embeddingDropout, context), context);
      const rows = select === undefined ? hidden : (embedding(hidden, select) as Tensor2D); // [N, D]
      const logits = matMul(this.finalNorm.apply(rows), this.tokens.table, { transposeB: true }) as Tensor2D; // [N, V]
      return useCache ? { logits, cache } : { logits };
    });
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
