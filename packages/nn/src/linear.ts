import type { Parameter, Tensor1D, Tensor2D } from '@eim/contracts/model';
import { linear } from '@eim/engine';
import { type Initialiser, zeros } from './initialisers.js';
import type { ParameterScope } from './parameter-scope.js';

export interface LinearOptions {
  readonly inputSize: number;
  readonly outputSize: number;
  readonly initialise: Initialiser;
  /** @default true */
  readonly bias?: boolean;
  /** @default zeros */
  readonly initialiseBias?: Initialiser | undefined;
}

/** `x W + b`, with parameters `weight` `[in, out]` and `bias` `[out]`. */
export class Linear {
  readonly weight: Parameter;
  readonly bias: Parameter | undefined;

  constructor(scope: ParameterScope, options: LinearOptions) {
    const { inputSize, outputSize, initialise, bias = true, initialiseBias = zeros } = options;
    this.weight = scope.create('weight', [inputSize, outputSize], { role: 'weight', initialise });
    this.bias = bias
      ? scope.create('bias', [outputSize], { role: 'bias', initialise: initialiseBias })
      : undefined;
  }

  /** @param x `[N, inputSize]` @returns `[N, outputSize]` */
  apply(x: Tensor2D): Tensor2D {
    return linear(x, this.weight.variable as Tensor2D, this.bias?.variable as Tensor1D | undefined);
  }
}
