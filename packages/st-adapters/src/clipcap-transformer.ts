import { EimError } from '@eim/contracts';
import type {
  EncodedImages,
  Injection,
  Parameter,
  SemanticTransform,
  SemanticTransformContext,
  SemanticTransformWidths,
  Tensor2D,
  Tensor3D,
  TransformContext,
} from '@eim/contracts/model';
import { l2Normalise } from '@eim/engine';
import { Linear, normal, type ParameterScope, TransformerStack, tidied, torchLinear } from '@eim/nn';
import * as tf from '@tensorflow/tfjs-core';
import type { ClipCapTransformerOptions } from './clipcap-transformer-options.js';
import { featureOfWidth } from './feature-of-width.js';
import { prefixInjection } from './prefix-injection.js';
import type { MapperWidths } from './weights/clipcap-weights-map.js';

/**
 * ClipCap's transformer mapper (Mokady et al. 2021): the pooled vector spread over c slots, followed by k
 * learned constants, through pre-norm blocks that see all slots; the last k outputs are the prefix.
 */
export class ClipCapTransformer implements SemanticTransform {
  readonly widths: SemanticTransformWidths & MapperWidths;
  readonly reads = ['pooled'] as const;
  readonly prefixLength: number;
  private readonly pooledSize: number;
  private readonly width: number;
  private readonly spread: Linear;
  private readonly constants: Parameter;
  private readonly stack: TransformerStack;

  /** @param scope where the parameters are created; they may get their values later */
  constructor(
    readonly options: ClipCapTransformerOptions,
    { encoder, llm }: Pick<SemanticTransformContext, 'encoder' | 'llm'>,
    private readonly scope: ParameterScope,
  ) {
    const { prefixLength, clipLength, blockCount, headCount, feedForwardRatio } = options;
    const width = llm.hiddenSize;
    if (width % headCount !== 0) {
      throw new EimError({
        code: 'invalid-argument',
        message: `The ST 'clipcap-transformer' has ${headCount} heads, which do not divide the LLM's width ${width}.`,
        advice: 'Set headCount to a divisor of the width.',
        data: { headCount, width },
      });
    }
    this.prefixLength = prefixLength;
    this.pooledSize = encoder.pooledSize;
    this.width = width;
    this.widths = { pooledSize: encoder.pooledSize, hiddenSize: width };
    this.spread = new Linear(scope.child('spread'), {
      inputSize: encoder.pooledSize,
      outputSize: clipLength * width,
      initialise: torchLinear(encoder.pooledSize),
      initialiseBias: torchLinear(encoder.pooledSize),
    });
    this.constants = scope.create('constants', [prefixLength, width], {
      role: 'embedding',
      initialise: normal(1),
    });
    const feedForwardSize = Math.floor(feedForwardRatio * width);
    this.stack = new TransformerStack(scope, {
      size: width,
      blockCount,
      headCount,
      feedForwardSize,
      activation: 'relu',
      normEpsilon: 1e-5,
      queryKeyValueBias: false,
      initialise: {
        queryKeyValue: torchLinear(width),
        attentionOutput: torchLinear(width),
        feedForwardInput: torchLinear(width),
        feedForwardOutput: torchLinear(feedForwardSize),
        bias: torchLinear,
      },
    });
  }

  transform(features: EncodedImages, context: TransformContext): Injection {
    const pooled = featureOfWidth('clipcap-transformer', features, 'pooled', this.pooledSize); // [B, pooledSize]
    const { batch } = context;
    const { width, prefixLength: kept } = this;
    const { clipLength, normalisePrefix } = this.options;
    const length = clipLength + kept;
    return tidied(() => {
      const x = normalisePrefix ? l2Normalise(pooled) : pooled; // [B, pooledSize]
      const spread: Tensor3D = tf.reshape(this.spread.apply(x), [batch, clipLength, width]); // [B, c, D]
      const constants = tf.reshape(this.constants.variable, [1, kept, width]); // [1, k, D]
      const slots = tf.concat([spread, tf.broadcastTo(constants, [batch, kept, width])], 1); // [B, c+k, D]
      const rows: Tensor2D = tf.reshape(slots, [batch * length, width]); // [B*(c+k), D]
      const { hidden } = this.stack.apply(rows, { batch, length }); // [B*(c+k), D]
      const outputs = tf.reshape(hidden, [batch, length, width]); // [B, c+k, D]
      const prefix = tf.slice(outputs, [0, clipLength, 0], [batch, kept, width]); // [B, k, D]
      return prefixInjection(tf.reshape(prefix, [batch * kept, width]), kept, context);
    });
  }

  parameters(): readonly Parameter[] {
    return this.scope.parameters();
  }

  dispose(): void {
    this.scope.dispose();
  }
}
