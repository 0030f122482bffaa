import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { differentiable } from './differentiable.js';
import { runOwnKernel } from './own-kernel.js';

export interface FusedNormalisation {
  /** `[N, D]` */
  readonly x: Tensor2D;
  /** `[D]` */
  readonly gain: Tensor1D;
  /** `[D]`; with it the mean is taken away, as in layer norm; without it is RMS norm. */
  readonly bias?: Tensor1D;
  readonly epsilon: number;
}

/** Layer or RMS norm in one pass forward and one for each gradient; of every row its mean and scale are kept. */
export function fusedNormalise({ x, gain, bias, epsilon }: FusedNormalisation): Tensor2D {
  const centred = bias !== undefined;
  const forward = (save: (tensors: (Tensor1D | Tensor2D)[]) => void): Tensor2D => {
    const results = runOwnKernel<[Tensor2D, Tensor1D, Tensor1D]>(
      'EimNormalise',
      { x, gain, bias },
      { centred, epsilon },
    );
    const [normalised, means, scales] = results; // [N, D], [N], [N]
    save([x, gain, means, scales]);
    return normalised;
  };
  const gradients = (dy: Tensor2D, [input, savedGain, means, scales]: unknown[]) => {
    const given = { x: input, dy, means, scales } as Record<string, Tensor2D>;
    return {
      x: () => runOwnKernel('EimNormaliseGradient', { ...given, gain: savedGain as Tensor1D }, { centred }), // [N, D]
      gain: () => runOwnKernel('EimColumnSums', given, { centred }), // [D]
      bias: () => runOwnKernel('EimColumnSums', { dy }), // [D]
    };
  };
  return bias
    ? differentiable({ inputs: { x, gain, bias }, forward, gradients })
    : differentiable({ inputs: { x, gain }, forward, gradients });
}
