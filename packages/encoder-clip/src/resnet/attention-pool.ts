import type { Parameter, Tensor2D, Tensor3D } from '@eim/contracts/model';
import { attention } from '@eim/engine';
import { Linear, normal, type ParameterScope } from '@eim/nn';
import * as tf from '@tensorflow/tfjs-core';

export interface AttentionPoolOptions {
  /** Cells of the grid. */
  readonly tokenCount: number;
  readonly size: number;
  readonly headCount: number;
  readonly outputSize: number;
}

/** OpenAI's `AttentionPool2d` (clip/model.py): the mean of a grid asks, the grid and the mean answer. */
export class AttentionPool {
  private readonly positions: Parameter;
  private readonly query: Linear;
  private readonly key: Linear;
  private readonly value: Linear;
  private readonly output: Linear;

  constructor(
    scope: ParameterScope,
    private readonly options: AttentionPoolOptions,
  ) {
    const { tokenCount, size, outputSize } = options;
    const initialise = normal(size ** -0.5);
    const layer = (name: string, outputs: number): Linear =>
      new Linear(scope.child(name), { inputSize: size, outputSize: outputs, initialise });
    this.positions = scope.create('positions', [tokenCount + 1, size], { role: 'position', initialise });
    this.query = layer('query', size);
    this.key = layer('key', size);
    this.value = layer('value', size);
    this.output = layer('output', outputSize);
  }

  /** @param tokens `[B, N, size]` @returns `[B, outputSize]` */
  apply(tokens: Tensor3D): Tensor2D {
    const [batch, count, size] = tokens.shape;
    const mean = tf.mean(tokens, 1, true); // [B, 1, size]
    const placed = tf.add(tf.concat([mean, tokens], 1), this.positions.variable) as Tensor3D; // [B, N+1, size]
    const all: Tensor2D = tf.reshape(placed, [batch * (count + 1), size]);
    const first: Tensor2D = tf.reshape(tf.slice(placed, [0, 0, 0], [batch, 1, size]), [batch, size]);
    const pooled = attention({
      query: this.query.apply(first), // [B, size]
      key: this.key.apply(all), // [B*(N+1), size]
      value: this.value.apply(all), // [B*(N+1), size]
      batch,
      headCount: this.options.headCount,
    }); // [B, size]
    return this.output.apply(pooled);
  }
}
