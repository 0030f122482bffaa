import type {
  EncodedImages,
  Injection,
  Parameter,
  SemanticTransform,
  SemanticTransformContext,
  SemanticTransformWidths,
  TransformContext,
} from '@eim/contracts/model';
import { l2Normalise, tanh } from '@eim/engine';
import { Linear, type ParameterScope, tidied, torchLinear } from '@eim/nn';
import type { ClipCapMlpOptions } from './clipcap-mlp-options.js';
import { featureOfWidth } from './feature-of-width.js';
import { prefixInjection } from './prefix-injection.js';
import type { MapperWidths } from './weights/clipcap-weights-map.js';

/** ClipCap's MLP mapper (Mokady et al. 2021): linear to half the prefix's width, tanh, linear. */
export class ClipCapMlp implements SemanticTransform {
  readonly widths: SemanticTransformWidths & MapperWidths;
  readonly reads = ['pooled'] as const;
  readonly prefixLength: number;
  private readonly pooledSize: number;
  private readonly input: Linear;
  private readonly output: Linear;

  /** @param scope where the parameters are created; they may get their values later */
  constructor(
    readonly options: ClipCapMlpOptions,
    { encoder, llm }: Pick<SemanticTransformContext, 'encoder' | 'llm'>,
    private readonly scope: ParameterScope,
  ) {
    this.prefixLength = options.prefixLength;
    this.pooledSize = encoder.pooledSize;
    this.widths = { pooledSize: encoder.pooledSize, hiddenSize: llm.hiddenSize };
    const outputSize = llm.hiddenSize * options.prefixLength;
    const innerSize = Math.floor(outputSize / 2);
    const layer = (name: string, depth: number, inputs: number, outputs: number): Linear =>
      new Linear(scope.child(name, depth), {
        inputSize: inputs,
        outputSize: outputs,
        initialise: torchLinear(inputs),
        initialiseBias: torchLinear(inputs),
      });
    this.input = layer('input', 0, this.pooledSize, innerSize);
    this.output = layer('output', 1, innerSize, outputSize);
  }

  transform(features: EncodedImages, context: TransformContext): Injection {
    const pooled = featureOfWidth('clipcap-mlp', features, 'pooled', this.pooledSize); // [B, pooledSize]
    return tidied(() => {
      const x = this.options.normalisePrefix ? l2Normalise(pooled) : pooled; // [B, pooledSize]
      const inner = tanh(this.input.apply(x)); // [B, k * hiddenSize / 2]
      return prefixInjection(this.output.apply(inner), this.prefixLength, context);
    });
  }

  parameters(): readonly Parameter[] {
    return this.scope.parameters();
  }

  dispose(): void {
    this.scope.dispose();
  }
}
