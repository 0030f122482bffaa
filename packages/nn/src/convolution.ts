import type { Parameter, Tensor1D, Tensor4D } from '@eim/contracts/model';
import { type ConvolutionOptions as ConvolutionPadding, conv2d, depthwiseConv2d } from '@eim/engine';
import * as tf from '@tensorflow/tfjs-core';
import { type Initialiser, zeros } from './initialisers.js';
import type { ParameterScope } from './parameter-scope.js';

export interface ConvolutionLayerOptions extends ConvolutionPadding {
  readonly inputSize: number;
  readonly outputSize: number;
  /** Of the square filter, in pixels. */
  readonly side: number;
  readonly initialise: Initialiser;
}

/** A convolution with bias: parameters `weight` `[side, side, in, out]` and `bias` `[out]`. */
export class Convolution {
  readonly weight: Parameter;
  readonly bias: Parameter;
  private readonly padding: ConvolutionPadding;

  constructor(scope: ParameterScope, options: ConvolutionLayerOptions) {
    const { inputSize, outputSize, side, initialise, stride = 1, padding = 'same' } = options;
    const shape = [side, side, inputSize, outputSize];
    this.weight = scope.create('weight', shape, { role: 'weight', initialise });
    this.bias = scope.create('bias', [outputSize], { role: 'bias', initialise: zeros });
    this.padding = { stride, padding };
  }

  /** @param x `[B, H, W, in]` @returns `[B, H', W', out]` */
  apply(x: Tensor4D): Tensor4D {
    const product = conv2d(x, this.weight.variable as Tensor4D, this.padding); // [B, H', W', out]
    return tf.add(product, this.bias.variable as Tensor1D);
  }
}

export interface DepthwiseConvolutionOptions {
  readonly size: number;
  /** Of the square filter, in pixels. */
  readonly side: number;
  readonly stride: number;
  readonly initialise: Initialiser;
}

/** A convolution of each channel by itself, padded by TensorFlow's rule: `weight` `[side, side, size, 1]`, `bias` `[size]`. */
export class DepthwiseConvolution {
  readonly weight: Parameter;
  readonly bias: Parameter;
  private readonly stride: number;

  constructor(scope: ParameterScope, { size, side, stride, initialise }: DepthwiseConvolutionOptions) {
    this.weight = scope.create('weight', [side, side, size, 1], { role: 'weight', initialise });
    this.bias = scope.create('bias', [size], { role: 'bias', initialise: zeros });
    this.stride = stride;
  }

  /** @param x `[B, H, W, size]` @returns `[B, ceil(H / stride), ceil(W / stride), size]` */
  apply(x: Tensor4D): Tensor4D {
    const product = depthwiseConv2d(x, this.weight.variable as Tensor4D, this.stride); // [B, H', W', size]
    return tf.add(product, this.bias.variable as Tensor1D);
  }
}
