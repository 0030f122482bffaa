import type {
  EncodedImages,
  FeatureName,
  ImageEncoderShape,
  Injection,
  Parameter,
  SemanticTransform,
  SemanticTransformContext,
  SemanticTransformWidths,
  Tensor2D,
  TransformContext,
} from '@eim/contracts/model';
import { LayerNorm, Linear, normal, ParameterScope, tidied } from '@eim/nn';
import * as tf from '@tensorflow/tfjs-core';
import { featureOfWidth } from './feature-of-width.js';
import type { LinearTransformOptions } from './linear-transform-options.js';
import { prefixInjection } from './prefix-injection.js';

/** One linear map from the encoder's space into the LLM's (as LLaVA 1.0's projection, Liu et al. 2023). */
export class LinearTransform implements SemanticTransform {
  readonly widths: SemanticTransformWidths;
  readonly reads: readonly FeatureName[];
  readonly prefixLength: number;
  private readonly inputSize: number;
  private readonly scope: ParameterScope;
  private readonly norm: LayerNorm | undefined;
  private readonly map: Linear;

  constructor(
    private readonly options: LinearTransformOptions,
    context: SemanticTransformContext,
  ) {
    const { encoder, llm } = context;
    const { hiddenSize } = llm;
    this.inputSize = options.source === 'tokens' ? encoder.tokenSize : encoder.pooledSize;
    this.prefixLength = options.source === 'tokens' ? encoder.tokenCount : 1;
    this.reads = [options.source];
    this.widths = { ...inputWidths(options, encoder), hiddenSize };
    this.scope = ParameterScope.of(context);
    if (options.normaliseInput) {
      this.norm = new LayerNorm(this.scope.child('norm'), { size: this.inputSize, epsilon: 1e-5 });
    }
    this.map = new Linear(this.scope.child('map'), {
      inputSize: this.inputSize,
      outputSize: hiddenSize,
      initialise: normal(0.02), // so that the prefix begins near the size of token embeddings
    });
  }

  transform(features: EncodedImages, context: TransformContext): Injection {
    const source = featureOfWidth('linear', features, this.options.source, this.inputSize); // [B, in] or [B, K, in]
    return tidied(() => {
      const x: Tensor2D = tf.reshape(source, [context.batch * this.prefixLength, this.inputSize]); // [B*K, in]
      const mapped = this.map.apply(this.norm?.apply(x) ?? x); // [B*K, hiddenSize]
      return prefixInjection(mapped, this.prefixLength, context);
    });
  }

  parameters(): readonly Parameter[] {
    return this.scope.parameters();
  }

  dispose(): void {
    this.scope.dispose();
  }
}

const inputWidths = ({ source }: LinearTransformOptions, encoder: ImageEncoderShape) =>
  source === 'tokens'
    ? { tokenSize: encoder.tokenSize, tokenCount: encoder.tokenCount }
    : { pooledSize: encoder.pooledSize };
