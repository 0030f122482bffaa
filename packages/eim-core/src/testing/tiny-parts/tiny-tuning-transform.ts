import type {
  EncodedImages,
  Injection,
  LinearTuning,
  Parameter,
  SemanticTransformContext,
  TransformContext,
} from '@eim/contracts/model';
import type { Tensor1D } from '@tensorflow/tfjs-core';
import { createParameter } from './create-parameter.js';
import { TinySemanticTransform } from './tiny-semantic-transform.js';

/**
 * What LLaMA-Adapter V2 adds to an LLM, in the smallest form (Gao et al. 2023, section 3.1): a scale and a bias to every
 * linear layer, beside a visual prefix. They begin at 1 and 0, where they change nothing. The norms that train with them are
 * the LLM's own: `llm: {select: norms-and-biases}` in a plan.
 */
export class TinyTuningTransform extends TinySemanticTransform {
  readonly #tunings: ReadonlyMap<string, { readonly scale: Parameter; readonly bias: Parameter }>;

  constructor({ random, encoder, llm }: SemanticTransformContext) {
    super({ random, pooledSize: encoder.pooledSize, hiddenSize: llm.hiddenSize });
    this.#tunings = new Map(
      (llm.linears ?? []).map(({ name, block, inputSize, outputSize }) => {
        const at = { depth: 1 + block, random };
        return [
          name,
          {
            scale: createParameter(`${name}.scale`, [inputSize], { role: 'adapter', constant: 1, ...at }),
            bias: createParameter(`${name}.bias`, [outputSize], { role: 'adapter', constant: 0, ...at }),
          },
        ];
      }),
    );
  }

  override transform(features: EncodedImages, context: TransformContext): Injection {
    const linearTunings = [...this.#tunings].map(([name, { scale, bias }]): [string, LinearTuning] => [
      name,
      {
        inputScale: scale.variable as unknown as Tensor1D,
        bias: bias.variable as unknown as Tensor1D,
      },
    ]);
    return { ...super.transform(features, context), linearTunings: new Map(linearTunings) };
  }

  override parameters(): readonly Parameter[] {
    return [
      ...super.parameters(),
      ...[...this.#tunings.values()].flatMap(({ scale, bias }) => [scale, bias]),
    ];
  }
}
