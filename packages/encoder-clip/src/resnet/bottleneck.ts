import type { Tensor4D } from '@eim/contracts/model';
import { averagePool, relu } from '@eim/engine';
import { Convolution, type constant, heNormal, type ParameterScope } from '@eim/nn';
import * as tf from '@tensorflow/tfjs-core';

/** Channels that a block gives for each that its middle convolution has. */
export const EXPANSION = 4;

export interface BottleneckOptions {
  readonly inputSize: number;
  /** Channels of the middle convolution. */
  readonly innerSize: number;
  /** Above 1, the picture shrinks by so much, by averaging before a convolution. */
  readonly stride: number;
}

/** Whether the input needs a convolution of its own before it is added. */
export const hasShortcut = ({ inputSize, innerSize, stride }: BottleneckOptions): boolean =>
  stride > 1 || inputSize !== innerSize * EXPANSION;

/**
 * OpenAI's `Bottleneck` (clip/model.py), batch norms folded into the convolutions: a stride is an average, in the
 * shortcut too.
 */
export class Bottleneck {
  private readonly reduce: Convolution;
  private readonly middle: Convolution;
  private readonly expand: Convolution;
  private readonly shortcut: Convolution | undefined;
  private readonly stride: number;

  constructor(scope: ParameterScope, options: BottleneckOptions) {
    const { inputSize, innerSize, stride } = options;
    const outputSize = innerSize * EXPANSION;
    const layer = (
      name: string,
      inputs: number,
      outputs: number,
      side: number,
      initialise = heNormal(side * side * inputs),
    ) =>
      new Convolution(scope.child(name), {
        inputSize: inputs,
        outputSize: outputs,
        side,
        padding: (side - 1) / 2,
        initialise,
      });
    this.reduce = layer('reduce', inputSize, innerSize, 1);
    this.middle = layer('middle', innerSize, innerSize, 3);
    // small, as OpenAI's start of the last batch norm: blocks begin near the identity
    this.expand = layer('expand', innerSize, outputSize, 1, scaledDown(heNormal(innerSize)));
    this.shortcut = hasShortcut(options) ? layer('shortcut', inputSize, outputSize, 1) : undefined;
    this.stride = stride;
  }

  /** @param x `[B, H, W, inputSize]` @returns `[B, H / stride, W / stride, 4 * innerSize]` */
  apply(x: Tensor4D): Tensor4D {
    const shrink = (grid: Tensor4D): Tensor4D => (this.stride > 1 ? averagePool(grid, this.stride) : grid);
    const inner = relu(this.middle.apply(relu(this.reduce.apply(x)))); // [B, H, W, innerSize]
    const added = this.expand.apply(shrink(inner)); // [B, H', W', 4 * innerSize]
    const straight = this.shortcut ? this.shortcut.apply(shrink(x)) : x; // [B, H', W', 4 * innerSize]
    return relu(tf.add(straight, added) as Tensor4D);
  }
}

const scaledDown =
  (initialise: ReturnType<typeof constant>): ReturnType<typeof constant> =>
  (shape, random) =>
    initialise(shape, random).map((value) => value * 0.1);
