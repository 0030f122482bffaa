import type { LinearTuning, Parameter, Tensor1D, Tensor2D } from '@eim/contracts/model';
import { linear, type QuantisedMatrix } from '@eim/engine';
import * as tf from '@tensorflow/tfjs-core';
import type { MatrixParameter } from './awaited-parameter.js';
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
  readonly weight: MatrixParameter;
  readonly bias: Parameter | undefined;

  constructor(scope: ParameterScope, options: LinearOptions) {
    const { inputSize, outputSize, initialise, bias = true, initialiseBias = zeros } = options;
    this.weight = scope.create('weight', [inputSize, outputSize], {
      role: 'weight',
      initialise,
      inBlocks: 'transpose',
    });
    this.bias = bias
      ? scope.create('bias', [outputSize], { role: 'bias', initialise: initialiseBias })
      : undefined;
  }

  /**
   * @param x `[N, inputSize]`
   * @param tuning what an ST adds to the layer
   * @returns `[N, outputSize]`
   */
  apply(x: Tensor2D, tuning?: LinearTuning): Tensor2D {
    const weight = this.weight.blocks ?? (this.weight.variable as Tensor2D);
    const bias = this.bias?.variable as Tensor1D | undefined;
    return tuning === undefined ? linear(x, weight, bias) : tunedLinear(x, weight, bias, tuning);
  }
}

/** `outputScale * (y W + (y down) up + b + bias)` with `y = inputScale * x`. @param x `[N, in]` @returns `[N, out]` */
export function tunedLinear(
  x: Tensor2D,
  weight: Tensor2D | QuantisedMatrix,
  bias: Tensor1D | undefined,
  tuning: LinearTuning,
): Tensor2D {
  const { inputScale, outputScale, bias: added, lowRank } = tuning;
  const scaled = inputScale ? tf.mul<Tensor2D>(x, inputScale) : x; // [N, in]
  const biases = bias && added ? tf.add<Tensor1D>(bias, added) : (added ?? bias); // [out]
  const whole = linear(scaled, weight, biases); // [N, out]
  const product = lowRank ? tf.add<Tensor2D>(whole, linear(linear(scaled, lowRank.down), lowRank.up)) : whole; // [N, out]
  return outputScale ? tf.mul(product, outputScale) : product; // [N, out]
}
