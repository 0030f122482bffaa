import type { OwnKernelName } from '../../ops/own-kernel.js';
import { like, type ShapeKernel } from './shape-kernel.js';

const float = (shape: readonly number[]) => ({ shape, dtype: 'float32' as const });

/**
 * Kernels of ours, which keep less for the backward pass than the plain operations that they replace: they tell the
 * memory that a step takes on engines that have them. `EimAdamW` changes its tensors in place and is called past
 * TensorFlow.js; a shapes pass takes no optimizer step.
 */
export const OWN_SHAPE_KERNELS: Readonly<Record<Exclude<OwnKernelName, 'EimAdamW'>, ShapeKernel>> = {
  EimBlockProduct: ({ inputs: { x }, attrs: { rows } }) => float([x!.shape[0]!, rows]),
  EimBlockProductGradient: ({ inputs: { dy }, attrs: { columns } }) => float([dy!.shape[0]!, columns]),
  EimBlockRows: ({ inputs: { ids }, attrs: { columns } }) => float([...ids!.shape, columns]),
  EimColumnSums: ({ inputs: { dy } }) => float([dy!.shape[1]!]),
  EimCrossEntropy: ({ inputs: { targets } }) => [float([]), float(targets!.shape), float(targets!.shape)],
  EimCrossEntropyGradient: ({ inputs: { logits } }) => like(logits!),
  EimDecodeRows: ({ inputs: { x } }) => like(x!),
  EimFastBlockProduct: ({ inputs: { x }, attrs: { rows } }) => float([x!.shape[0]!, rows]),
  EimGate: ({ inputs: { x } }) => like(x!),
  EimGateGradient: ({ inputs: { x } }) => like(x!),
  EimGlobalNorm: () => float([]),
  EimHeadGather: ({ attrs: { batch, keys, groups, width } }) => float([batch * keys, groups * width]),
  EimHeadMix: ({ attrs: { batch, queries, heads, width } }) => float([batch * queries, heads * width]),
  EimHeadScores: ({ attrs: { batch, heads, queries, keys } }) => float([batch, heads, queries, keys]),
  EimNormalise: ({ inputs: { x }, attrs: { centred } }) => [
    like(x!),
    float(centred ? [x!.shape[0]!] : [0]),
    float([x!.shape[0]!]),
  ],
  EimNormaliseGradient: ({ inputs: { x } }) => like(x!),
  EimSoftmax: ({ inputs: { x } }) => like(x!),
  EimSoftmaxGradient: ({ inputs: { probabilities } }) => like(probabilities!),
};
