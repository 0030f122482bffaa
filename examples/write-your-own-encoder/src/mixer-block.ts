import type { Tensor2D } from '@eim/contracts/model';
import { FeedForward, LayerNorm, normal, type ParameterScope } from '@eim/nn';
import * as tf from '@tensorflow/tfjs-core';
import type { MixerOptions } from './mixer-options.js';

/** One mixer layer (Tolstikhin et al. 2021, section 2): across patches, then across channels. */
export class MixerBlock {
  private readonly tokenNorm: LayerNorm;
  private readonly tokenMixing: FeedForward;
  private readonly channelNorm: LayerNorm;
  private readonly channelMixing: FeedForward;

  constructor(
    scope: ParameterScope,
    private readonly tokenCount: number,
    private readonly options: MixerOptions,
  ) {
    const { tokenSize, tokenMixingSize, channelMixingSize } = options;
    const common = {
      activation: 'gelu',
      initialiseInput: normal(0.05),
      initialiseOutput: normal(0.05),
    } as const;
    this.tokenNorm = new LayerNorm(scope.child('tokenNorm'), { size: tokenSize, epsilon: 1e-6 });
    this.tokenMixing = new FeedForward(scope.child('tokenMixing'), {
      size: tokenCount,
      hiddenSize: tokenMixingSize,
      ...common,
    });
    this.channelNorm = new LayerNorm(scope.child('channelNorm'), { size: tokenSize, epsilon: 1e-6 });
    this.channelMixing = new FeedForward(scope.child('channelMixing'), {
      size: tokenSize,
      hiddenSize: channelMixingSize,
      ...common,
    });
  }

  /** @param x `[B*N, D]` @returns `[B*N, D]` */
  apply(x: Tensor2D, batch: number): Tensor2D {
    const { tokenSize } = this.options;
    const swap = (rows: Tensor2D, from: number, to: number) =>
      tf.reshape(tf.transpose(tf.reshape(rows, [batch, from, to]), [0, 2, 1]), [
        batch * to,
        from,
      ]) as Tensor2D;
    const columns = swap(this.tokenNorm.apply(x), this.tokenCount, tokenSize); // [B*D, N]
    const mixed = swap(this.tokenMixing.apply(columns), tokenSize, this.tokenCount); // [B*N, D]
    const acrossTokens = tf.add(x, mixed) as Tensor2D; // [B*N, D]
    return tf.add(acrossTokens, this.channelMixing.apply(this.channelNorm.apply(acrossTokens))); // [B*N, D]
  }
}
