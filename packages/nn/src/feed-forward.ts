import type { Tensor2D } from '@eim/contracts/model';
import { type ActivationName, activations } from './activation.js';
import type { Initialiser } from './initialisers.js';
import { Linear } from './linear.js';
import type { BlockTunings } from './linear-tuning.js';
import type { ParameterScope } from './parameter-scope.js';

export interface FeedForwardOptions {
  readonly size: number;
  readonly hiddenSize: number;
  readonly activation: ActivationName;
  readonly initialiseInput: Initialiser;
  readonly initialiseOutput: Initialiser;
  /** By the inputs of the layer. @default zeros */
  readonly initialiseBias?: ((inputSize: number) => Initialiser) | undefined;
}

/** Linear, activation, linear: layers `input` and `output`. */
export class FeedForward {
  readonly input: Linear;
  readonly output: Linear;
  private readonly activation: ActivationName;

  constructor(scope: ParameterScope, options: FeedForwardOptions) {
    const { size, hiddenSize, activation, initialiseInput, initialiseOutput, initialiseBias } = options;
    this.input = new Linear(scope.child('input'), {
      inputSize: size,
      outputSize: hiddenSize,
      initialise: initialiseInput,
      initialiseBias: initialiseBias?.(size),
    });
    this.output = new Linear(scope.child('output'), {
      inputSize: hiddenSize,
      outputSize: size,
      initialise: initialiseOutput,
      initialiseBias: initialiseBias?.(hiddenSize),
    });
    this.activation = activation;
  }

  /** @param x `[N, size]` @returns `[N, size]` */
  apply(x: Tensor2D, tuning?: BlockTunings): Tensor2D {
    const input = this.input.apply(x, tuning?.('feedForward.input')); // [N, hiddenSize]
    const hidden = activations[this.activation](input); // [N, hiddenSize]
    return this.output.apply(hidden, tuning?.('feedForward.output')); // [N, size]
  }
}
