import type { LinearTuning, Parameter, Tensor1D, Tensor2D, TunableLinear } from '@eim/contracts/model';
import { ones, type ParameterScope, torchLinear, zeros } from '@eim/nn';
import type { LlamaAdapterV2Options } from './llama-adapter-v2-options.js';

/** Whether LLaMA-Adapter V2 gives a linear layer a bias: all but keys and values. */
export const hasBias = ({ name }: Pick<TunableLinear, 'name'>): boolean =>
  !/\.attention\.(key|value)$/.test(name);

/** What is added to one linear layer of the LLM. */
interface Addition {
  readonly bias?: Parameter;
  readonly down?: Parameter;
  readonly up?: Parameter;
}

/**
 * Biases, and matrices of low rank, of the LLM's linear layers (LLaMA-Adapter V2, section 3.1): parameters `linears.<name>.bias`,
 * `.down` and `.up`. All begin so that they change nothing. With the matrices each block has a factor of its prompts' gates,
 * `blocks.N.promptScale`, which begins at 1.
 */
export class LinearAdditions {
  private readonly additions: ReadonlyMap<string, Addition>;
  /** By block. Absent: none. */
  private readonly scales: ReadonlyMap<number, Parameter> | undefined;

  constructor(
    scope: ParameterScope,
    { biases, loraRank }: Pick<LlamaAdapterV2Options, 'biases' | 'loraRank'>,
    linears: readonly TunableLinear[],
    blockCount: number,
  ) {
    const additions = linears.map((linear): [string, Addition] => {
      const { name, block, inputSize, outputSize } = linear;
      const own = scope.child(`linears.${name}`, 1 + block);
      return [
        name,
        {
          ...(biases &&
            hasBias(linear) && {
              bias: own.create('bias', [outputSize], { role: 'bias', initialise: zeros }),
            }),
          ...(loraRank && {
            down: own.create('down', [inputSize, loraRank], {
              role: 'adapter',
              initialise: torchLinear(inputSize),
            }),
            up: own.create('up', [loraRank, outputSize], { role: 'adapter', initialise: zeros }),
          }),
        },
      ];
    });
    this.additions = new Map(additions.filter(([, addition]) => Object.keys(addition).length > 0));
    if (!loraRank) return;
    this.scales = new Map(
      Array.from({ length: blockCount }, (_, block) => [
        block,
        scope
          .child(`blocks.${block}`, 1 + block)
          .create('promptScale', [1, 1, 1, 1], { role: 'gate', initialise: ones }),
      ]),
    );
  }

  /** Undefined where nothing is added. */
  tunings(): ReadonlyMap<string, LinearTuning> | undefined {
    if (this.additions.size === 0) return undefined;
    return new Map(
      [...this.additions].map(([name, { bias, down, up }]): [string, LinearTuning] => [
        name,
        {
          ...(bias && { bias: bias.variable as unknown as Tensor1D }),
          ...(down &&
            up && {
              lowRank: { down: down.variable as unknown as Tensor2D, up: up.variable as unknown as Tensor2D },
            }),
        },
      ]),
    );
  }

  /** `[1, 1, 1, 1]` by block, what multiplies the gates of its prompts. */
  promptScales(): ReadonlyMap<number, Parameter> | undefined {
    return this.scales;
  }
}
