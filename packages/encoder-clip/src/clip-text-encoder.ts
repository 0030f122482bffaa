import { EimError } from '@eim/contracts';
import type { EncodeOptions, Parameter, Tensor2D, Tensor3D, TextEncoder } from '@eim/contracts/model';
import { embedding } from '@eim/engine';
import {
  causalBias,
  Embedding,
  LayerNorm,
  Linear,
  normal,
  type ParameterScope,
  TransformerStack,
} from '@eim/nn';
import * as tf from '@tensorflow/tfjs-core';
import { clipBlockInitialisers } from './clip-initialisers.js';
import type { ClipTextEncoderOptions } from './clip-text-encoder-options.js';

/** CLIP's text transformer: causal, read out at the last real token, which is the end token. */
export class ClipTextEncoder implements TextEncoder {
  readonly pooledSize: number;
  readonly contextLength: number;
  readonly vocabularySize: number;
  private readonly width: number;
  private readonly tokens: Embedding;
  private readonly positions: Embedding;
  private readonly stack: TransformerStack;
  private readonly finalNorm: LayerNorm;
  private readonly projection: Linear | undefined;

  /** @param scope where the parameters are created; they may get their values later */
  constructor(
    options: ClipTextEncoderOptions,
    private readonly scope: ParameterScope,
  ) {
    const { width, blockCount, contextLength, pooledSize, normEpsilon: epsilon } = options;
    this.pooledSize = pooledSize;
    this.contextLength = contextLength;
    this.vocabularySize = options.vocabularySize;
    this.width = width;
    this.tokens = new Embedding(scope.child('tokens'), {
      count: options.vocabularySize,
      size: width,
      initialise: normal(0.02),
    });
    this.positions = new Embedding(scope.child('positions'), {
      count: contextLength,
      size: width,
      initialise: normal(0.01),
      role: 'position',
    });
    this.stack = new TransformerStack(scope, {
      ...options,
      size: width,
      initialise: clipBlockInitialisers(width, blockCount),
    });
    const end = blockCount + 1;
    this.finalNorm = new LayerNorm(scope.child('finalNorm', end), { size: width, epsilon });
    this.projection = options.projected
      ? new Linear(scope.child('projection', end), {
          inputSize: width,
          outputSize: pooledSize,
          bias: false,
          initialise: normal(width ** -0.5),
        })
      : undefined;
  }

  /** @param mask real tokens first, at least one a row */
  encodeText(ids: Tensor2D, mask: Tensor2D, options: Omit<EncodeOptions, 'hiddenLayers'> = {}): Tensor2D {
    const [batch, length] = ids.shape;
    if (length > this.contextLength) {
      throw new EimError({
        code: 'invalid-argument',
        message: `The CLIP text encoder was given ${length} positions; its context holds ${this.contextLength}.`,
        advice: 'Cut the texts, end token kept, before they are encoded.',
        data: { length, contextLength: this.contextLength },
      });
    }
    return tf.tidy(() => {
      const positions = tf.slice(this.positions.table, [0, 0], [length, this.width]); // [T, D]
      const embedded: Tensor3D = tf.add(this.tokens.apply(ids), positions); // [B, T, D]
      const x: Tensor2D = tf.reshape(embedded, [batch * length, this.width]); // [B*T, D]
      // a row is read at its last real token, which the causal mask alone keeps from the padding behind it
      const context = { batch, length, bias: causalBias(length), ...options };
      const { hidden } = this.stack.apply(x, context); // [B*T, D]
      const beforeFirst = tf.range(-1, batch * length - 1, length); // [B]
      const last = tf.add(tf.sum(mask, 1), beforeFirst); // [B]
      const ends = embedding(hidden, tf.cast(last, 'int32')) as Tensor2D; // [B, D]
      const normed = this.finalNorm.apply(ends); // [B, D]
      return this.projection?.apply(normed) ?? normed; // [B, pooledSize]
    });
  }

  parameters(): readonly Parameter[] {
    return this.scope.parameters();
  }

  dispose(): void {
    this.scope.dispose();
  }
}
