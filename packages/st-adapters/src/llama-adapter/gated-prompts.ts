import { EimError } from '@eim/contracts';
import type { LanguageModelShape, LayerPrompt, Parameter, Tensor1D, Tensor3D } from '@eim/contracts/model';
import { normal, type ParameterScope, zeros } from '@eim/nn';
import * as tf from '@tensorflow/tfjs-core';

export interface GatedPromptsOptions {
  /** Of the ST, for messages. */
  readonly name: string;
  /** Prompts in each block. */
  readonly promptLength: number;
  /** Blocks with prompts: the last ones. */
  readonly layerCount: number;
  /** Whether the blocks without prompts have gates too, which nothing reads. @default false */
  readonly everyGate?: boolean;
  /** The gate as it is, without tanh. @default false */
  readonly plainGate?: boolean;
  /** Keys and values of the prompts are without what tunes their layers. @default false */
  readonly untuned?: boolean;
}

/**
 * Prompts of the LLM's last blocks, each block's behind a gate for each head that begins at 0 (LLaMA-Adapter, section 3.2):
 * parameters `blocks.N.prompts` `[K, D]` and `blocks.N.gate` `[1, H, 1, 1]`. The gate has four dimensions as published,
 * where weight decay goes by them.
 */
export class GatedPrompts {
  private readonly layers: readonly {
    readonly layer: number;
    readonly prompts: Parameter;
    readonly gate: Parameter;
  }[];

  /** @throws EimError `width-mismatch` where the LLM has fewer blocks than are to have prompts */
  constructor(
    scope: ParameterScope,
    private readonly options: GatedPromptsOptions,
    private readonly llm: Pick<LanguageModelShape, 'blockCount' | 'hiddenSize' | 'headCount'>,
  ) {
    const { promptLength, layerCount, everyGate = false } = options;
    const { blockCount, hiddenSize, headCount } = llm;
    if (layerCount > blockCount) throw tooManyLayers(options.name, layerCount, blockCount);
    const first = blockCount - layerCount;
    const blocks = Array.from({ length: blockCount }, (_, layer) => layer)
      .filter((layer) => everyGate || layer >= first)
      .map((layer) => ({ layer, block: scope.child(`blocks.${layer}`, 1 + layer) }));
    const gates = new Map(
      blocks.map(({ layer, block }) => [
        layer,
        block.create('gate', [1, headCount, 1, 1], { role: 'gate', initialise: zeros }),
      ]),
    );
    this.layers = blocks
      .filter(({ layer }) => layer >= first)
      .map(({ layer, block }) => ({
        layer,
        prompts: block.create('prompts', [promptLength, hiddenSize], {
          role: 'adapter',
          initialise: normal(1), // torch.nn.Embedding's own
        }),
        gate: gates.get(layer)!,
      }));
  }

  /**
   * @param added `[B, 1 or K, D]`, added to the prompts of every block. Absent: all rows have the same prompts.
   * @param factors by block: one value, by which its gates are multiplied. Absent: 1.
   */
  layerPrompts(added?: Tensor3D, factors?: ReadonlyMap<number, Parameter>): LayerPrompt[] {
    const { promptLength, plainGate, untuned } = this.options;
    const { hiddenSize, headCount } = this.llm;
    return this.layers.map(({ layer, prompts, gate }) => {
      const own: Tensor3D = tf.reshape(prompts.variable, [1, promptLength, hiddenSize]); // [1, K, D]
      const heads: Tensor1D = tf.reshape(gate.variable, [headCount]); // [H]
      const active = plainGate ? heads : tf.tanh(heads); // [H]
      const factor = factors?.get(layer);
      return {
        layer,
        prompts: added ? tf.add(own, added) : own, // [1 or B, K, D]
        gate: factor ? tf.mul(active, tf.reshape(factor.variable, [1])) : active, // [H]
        ...(untuned && { untuned }),
      };
    });
  }
}

const tooManyLayers = (name: string, layerCount: number, blockCount: number): EimError =>
  new EimError({
    code: 'width-mismatch',
    message: `The ST '${name}' puts prompts into the last ${layerCount} blocks of the LLM, which has ${blockCount}.`,
    advice: `Set layerCount to ${blockCount} or less.`,
    data: { layerCount, blockCount },
  });
