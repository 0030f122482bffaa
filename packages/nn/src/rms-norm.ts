import type { Parameter, Tensor1D, Tensor2D } from '@eim/contracts/model';
import { rmsNorm } from '@eim/engine';
import { ones } from './initialisers.js';
import type { NormOptions } from './layer-norm.js';
import type { ParameterScope } from './parameter-scope.js';

/** Zhang and Sennrich 2019, eq. 4: `x / rms(x) * gain` over the last axis, with parameter `gain` `[size]`. */
export class RmsNorm {
  readonly gain: Parameter;
  private readonly epsilon: number;

  constructor(scope: ParameterScope, { size, epsilon }: NormOptions) {
    this.gain = scope.create('gain', [size], { role: 'norm', initialise: ones });
    this.epsilon = epsilon;
  }

  /** @param x `[N, size]` */
  apply(x: Tensor2D): Tensor2D {
    return rmsNorm(x, this.gain.variable as Tensor1D, this.epsilon);
  }
}
