import type { Parameter, Tensor1D, Tensor2D } from '@eim/contracts/model';
import { layerNorm } from '@eim/engine';
import { ones, zeros } from './initialisers.js';
import type { ParameterScope } from './parameter-scope.js';

export interface NormOptions {
  readonly size: number;
  /** Added to the variance. */
  readonly epsilon: number;
}

/** Ba et al. 2016 over the last axis, with parameters `gain` and `bias` `[size]`. */
export class LayerNorm {
  readonly gain: Parameter;
  readonly bias: Parameter;
  private readonly epsilon: number;

  constructor(scope: ParameterScope, { size, epsilon }: NormOptions) {
    this.gain = scope.create('gain', [size], { role: 'norm', initialise: ones });
    this.bias = scope.create('bias', [size], { role: 'norm', initialise: zeros });
    this.epsilon = epsilon;
  }

  /** @param x `[N, size]` */
  apply(x: Tensor2D): Tensor2D {
    return layerNorm(x, this.gain.variable as Tensor1D, this.bias.variable as Tensor1D, this.epsilon);
  }
}
