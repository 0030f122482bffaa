import type { Tensor2D } from '@eim/contracts/model';
import * as tf from '@tensorflow/tfjs-core';
import { type ActivationName, activations } from './activation.js';
import type { FeedForwardOptions } from './feed-forward.js';
import { Linear } from './linear.js';
import type { BlockTunings } from './linear-tuning.js';
import type { ParameterScope } from './parameter-scope.js';

export interface GatedFeedForwardOptions extends Omit<FeedForwardOptions, 'initialiseBias'> {
  /** Whether the three layers have biases. @default false */
  readonly bias?: boolean | undefined;
}

/** Shazeer 2020, eq. 6: `(activation(x G) * x U) D`, layers `gate`, `input` and `output`. */
export class GatedFeedForward {
  readonly gate: Linear;
  readonly input: Linear;
  readonly output: Linear;
  private readonly activation: ActivationName;

  constructor(scope: ParameterScope, options: GatedFeedForwardOptions) {
    const { size, hiddenSize, activation, initialiseInput, initialiseOutput, bias = false } = options;
    const inward = { inputSize: size, outputSize: hiddenSize, initialise: initialiseInput, bias };
    this.gate = new Linear(scope.child('gate'), inward);
    this.input = new Linear(scope.child('input'), inward);
    this.output = new Linear(scope.child('output'), {
      inputSize: hiddenSize,
      outputSize: size,
      initialise: initialiseOutput,
      bias,
    });
    this.activation = activation;
  }

  /** @param x `[N, size]` @returns `[N, size]` */
  apply(x: Tensor2D, tuning?: BlockTunings): Tensor2D {
    const gate = activations[this.activation](this.gate.apply(x, tuning?.('feedForward.gate'))); // [N, hiddenSize]
    const input = this.input.apply(x, tuning?.('feedForward.input')); // [N, hiddenSize]
    return this.output.apply(tf.mul(gate, input), tuning?.('feedForward.output')); // [N, size]
  }
}
