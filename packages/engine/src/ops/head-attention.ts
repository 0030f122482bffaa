import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import { broadcast_util, dispose, div, mul, reshape, sum, tidy } from '@tensorflow/tfjs-core';
import type { AttentionArguments, AttentionShape } from './attention-arguments.js';
import { differentiable, type SaveTensors } from './differentiable.js';
import { assertRate, dropoutMask } from './dropout.js';
import { runOwnKernel } from './own-kernel.js';

/**
 * Attention on kernels that read and write the heads where they lie in the rows, so that nothing is transposed, with
 * scaling, bias and softmax in one pass.
 * @returns `[B*T, H*d]`
 */
export function headAttention(options: AttentionArguments, sizes: AttentionShape, scale: number): Tensor2D {
  const { query, key, value, bias, dropout } = options;
  const { batch, heads, queries, keys } = sizes;
  const attributes = { ...sizes };
  if (dropout) assertRate(dropout.rate);
  const mask =
    dropout && dropout.rate > 0
      ? dropoutMask([batch, heads, queries, keys], dropout.rate, dropout.random)
      : undefined;

  const forward = (save: SaveTensors): Tensor2D => {
    const scores = runOwnKernel('EimHeadScores', { x: query, y: key }, attributes); // [B, H, T, S]
    const probabilities = runOwnKernel('EimSoftmax', { x: scores, bias }, { scale }); // [B, H, T, S]
    scores.dispose();
    const kept = mask ? mul(probabilities, mask) : probabilities; // [B, H, T, S]
    save([query, key, value, probabilities, ...(mask ? [kept, mask] : [])]);
    return runOwnKernel<Tensor2D>('EimHeadMix', { p: kept, y: value }, attributes); // [B*T, H*d]
  };

  const gradients = (dy: Tensor2D, [q, k, v, probabilities, kept = probabilities, keptMask]: Tensor[]) => {
    // By the scaled scores, for bias, query and key alike; freed once the last two have it.
    const change = tidy(() => {
      const byKept = runOwnKernel('EimHeadScores', { x: dy, y: v }, attributes); // [B, H, T, S]
      const byProbability = keptMask ? mul(byKept, keptMask) : byKept;
      return runOwnKernel('EimSoftmaxGradient', { probabilities, dy: byProbability }, { scale });
    });
    let waiting = 2;
    const used = (gradient: Tensor): Tensor => {
      waiting -= 1;
      if (waiting === 0) dispose(change);
      return gradient;
    };
    return {
      bias: () => sumTo(div(change, scale), bias!.shape),
      query: () => used(runOwnKernel('EimHeadMix', { p: change, y: k }, attributes)), // [B*T, H*d]
      key: () => used(runOwnKernel('EimHeadGather', { p: change, x: q }, attributes)), // [B*S, G*d]
      value: () => runOwnKernel('EimHeadGather', { p: kept, x: dy }, attributes), // [B*S, G*d]
    };
  };

  // The bias stands first, so that its gradient is taken while the change of the scores is there.
  const result = bias
    ? differentiable<{ bias: Tensor; query: Tensor2D; key: Tensor2D; value: Tensor2D }, Tensor2D>({
        inputs: { bias, query, key, value },
        forward,
        gradients,
      })
    : differentiable<{ query: Tensor2D; key: Tensor2D; value: Tensor2D }, Tensor2D>({
        inputs: { query, key, value },
        forward,
        gradients,
      });
  if (mask) dispose(mask);
  return result;
}

/** Sums over the axes that a smaller shape was repeated along. */
function sumTo(x: Tensor, shape: number[]): Tensor {
  const axes = broadcast_util.getReductionAxes(shape, x.shape);
  return reshape(axes.length > 0 ? sum(x, axes) : x, shape);
}
