import type { Tensor4D } from '@eim/contracts/model';
import { relu6 } from '@eim/engine';
import * as tf from '@tensorflow/tfjs-core';
import { Convolution, DepthwiseConvolution } from '../convolution.js';
import { heNormal } from '../initialisers.js';
import type { ParameterScope } from '../parameter-scope.js';
import type { InvertedResidualSizes } from './inverted-residual-sizes.js';

/** MobileNetV2's block (Sandler et al. 2018, section 3.3): widen, convolve each channel, narrow without activation. */
export class InvertedResidual {
  private readonly expand: Convolution | undefined;
  private readonly depthwise: DepthwiseConvolution;
  private readonly project: Convolution;
  private readonly isResidual: boolean;

  constructor(
    scope: ParameterScope,
    { inputSize, outputSize, innerSize, side, stride }: InvertedResidualSizes,
  ) {
    this.expand =
      innerSize === inputSize
        ? undefined
        : new Convolution(scope.child('expand'), {
            inputSize,
            outputSize: innerSize,
            side: 1,
            initialise: heNormal(inputSize),
          });
    this.depthwise = new DepthwiseConvolution(scope.child('depthwise'), {
      size: innerSize,
      side,
      stride,
      initialise: heNormal(side * side),
    });
    this.project = new Convolution(scope.child('project'), {
      inputSize: innerSize,
      outputSize,
      side: 1,
      initialise: heNormal(innerSize),
    });
    this.isResidual = stride === 1 && inputSize === outputSize;
  }

  /** @param x `[B, H, W, inputSize]` @returns `[B, ceil(H / stride), ceil(W / stride), outputSize]` */
  apply(x: Tensor4D): Tensor4D {
    const wide = this.expand ? relu6(this.expand.apply(x)) : x; // [B, H, W, innerSize]
    const convolved = relu6(this.depthwise.apply(wide)); // [B, H', W', innerSize]
    const narrow = this.project.apply(convolved); // [B, H', W', outputSize]
    return this.isResidual ? tf.add(x, narrow) : narrow;
  }
}
