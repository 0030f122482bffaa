import type { Parameter, Tensor2D, Tensor3D } from '@eim/contracts/model';
import { LayerNorm, Linear, normal, type ParameterScope, TransformerStack, torchLinear } from '@eim/nn';
import * as tf from '@tensorflow/tfjs-core';
import type { LlamaAdapterV2Options } from './llama-adapter-v2-options.js';

const EPSILON = 1e-5; // LayerNorm's own in PyTorch, also in timm 0.3.2's blocks

/** Widths on both sides of the queries. */
export interface VisualQueryWidths {
  readonly tokenSize: number;
  readonly hiddenSize: number;
}

/**
 * Queries that read a picture (LLaMA-Adapter V2's early fusion): they stand before its tokens, pass some transformer blocks with
 * them, and what has become of them is projected to the LLM's width.
 */
export class VisualQuery {
  private readonly tokenProjection: Linear;
  private readonly tokenNorm: LayerNorm;
  private readonly queries: Parameter;
  private readonly stack: TransformerStack;
  private readonly outputProjection: Linear;
  private readonly outputNorm: LayerNorm;

  constructor(
    scope: ParameterScope,
    private readonly options: LlamaAdapterV2Options,
    private readonly widths: VisualQueryWidths,
  ) {
    const { promptLength, visualSize: size, visualBlockCount: blockCount } = options;
    const { tokenSize, hiddenSize } = widths;
    const projection = (name: string, inputSize: number, outputSize: number) =>
      new Linear(scope.child(name), {
        inputSize,
        outputSize,
        initialise: torchLinear(inputSize),
        initialiseBias: torchLinear(inputSize),
      });
    const feedForwardSize = Math.floor(options.visualFeedForwardRatio * size);
    this.tokenProjection = projection('tokenProjection', tokenSize, size);
    this.tokenNorm = new LayerNorm(scope.child('tokenNorm'), { size, epsilon: EPSILON });
    this.queries = scope.create('queries', [promptLength, size], {
      role: 'embedding',
      initialise: normal(1), // torch.nn.Embedding's own
    });
    this.stack = new TransformerStack(scope, {
      size,
      blockCount,
      headCount: options.visualHeadCount,
      feedForwardSize,
      activation: 'exact-gelu',
      normEpsilon: EPSILON,
      initialise: {
        queryKeyValue: torchLinear(size),
        attentionOutput: torchLinear(size),
        feedForwardInput: torchLinear(size),
        feedForwardOutput: torchLinear(feedForwardSize),
        bias: torchLinear,
      },
    });
    this.outputProjection = projection('outputProjection', size, hiddenSize);
    this.outputNorm = new LayerNorm(scope.child('outputNorm'), { size: hiddenSize, epsilon: EPSILON });
  }

  /** @param tokens `[B, N, tokenSize]` @returns `[B, K, hiddenSize]` */
  apply(tokens: Tensor3D): Tensor3D {
    const { promptLength: kept, visualSize: size } = this.options;
    const { tokenSize, hiddenSize } = this.widths;
    const [batch, count] = tokens.shape;
    const length = kept + count;
    const flat: Tensor2D = tf.reshape(tokens, [batch * count, tokenSize]); // [B*N, tokenSize]
    const projected = this.tokenNorm.apply(this.tokenProjection.apply(flat)); // [B*N, S]
    const seen: Tensor3D = tf.reshape(projected, [batch, count, size]); // [B, N, S]
    const own = tf.reshape(this.queries.variable, [1, kept, size]); // [1, K, S]
    const slots = tf.concat([tf.broadcastTo(own, [batch, kept, size]), seen], 1); // [B, K+N, S]
    const rows: Tensor2D = tf.reshape(slots, [batch * length, size]); // [B*(K+N), S]
    const { hidden } = this.stack.apply(rows, { batch, length }); // [B*(K+N), S]
    const read = tf.slice(tf.reshape(hidden, [batch, length, size]), [0, 0, 0], [batch, kept, size]); // [B, K, S]
    const queries: Tensor2D = tf.reshape(read, [batch * kept, size]); // [B*K, S]
    const output = this.outputNorm.apply(this.outputProjection.apply(queries)); // [B*K, hiddenSize]
    return tf.reshape(output, [batch, kept, hiddenSize]); // [B, K, hiddenSize]
  }
}
