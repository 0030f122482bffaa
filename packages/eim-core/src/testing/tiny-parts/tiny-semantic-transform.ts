import type {
  EncodedImages,
  Injection,
  Parameter,
  RandomStream,
  SemanticTransform,
  SemanticTransformWidths,
  TransformContext,
} from '@eim/contracts/model';
import * as tf from '@tensorflow/tfjs-core';
import { createParameter } from './create-parameter.js';

export interface TinySemanticTransformOptions {
  readonly random: RandomStream;
  /** The encoder's. @default 5 */
  readonly pooledSize?: number;
  /** The LLM's. @default 8 */
  readonly hiddenSize?: number;
  /** @default 2 */
  readonly prefixLength?: number;
}

/** One linear map from the pooled vector to a prefix. */
export class TinySemanticTransform implements SemanticTransform {
  readonly widths: SemanticTransformWidths & { readonly pooledSize: number };
  readonly reads = ['pooled'] as const;
  readonly prefixLength: number;
  readonly weight: Parameter;
  readonly bias: Parameter;

  constructor({ random, pooledSize = 5, hiddenSize = 8, prefixLength = 2 }: TinySemanticTransformOptions) {
    this.widths = { pooledSize, hiddenSize };
    this.prefixLength = prefixLength;
    const at = { depth: 0, random };
    this.weight = createParameter('weight', [pooledSize, prefixLength * hiddenSize], {
      role: 'weight',
      ...at,
    });
    this.bias = createParameter('bias', [prefixLength * hiddenSize], { role: 'bias', ...at });
  }

  transform(features: EncodedImages, context: TransformContext): Injection {
    const product = tf.matMul(features.pooled!, this.weight.variable as tf.Tensor2D); // [B, K*H]
    const prefix = tf.add(product, this.bias.variable); // [B, K*H]
    const shape: [number, number, number] = [context.batch, this.prefixLength, this.widths.hiddenSize];
    return { prefix: { embeddings: tf.reshape(prefix, shape) } };
  }

  parameters(): readonly Parameter[] {
    return [this.weight, this.bias];
  }

  dispose(): void {
    for (const { variable } of this.parameters()) variable.dispose();
  }
}
