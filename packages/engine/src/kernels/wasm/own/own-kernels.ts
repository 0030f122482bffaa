import type { OwnKernelName } from '../../../ops/own-kernel.js';
import { adamW } from './adam-w.js';
import { crossEntropy, crossEntropyGradient } from './cross-entropy.js';
import { gate, gateGradient } from './gate.js';
import { globalNorm } from './global-norm.js';
import { headGather, headMix, headScores } from './head-products.js';
import { columnSums, normalise, normaliseGradient } from './normalise.js';
import { softmax, softmaxGradient } from './softmax.js';

/** Kernels that replace an op's plain TensorFlow.js ops, each in one pass over its data. */
export const OWN_KERNELS: Readonly<Record<OwnKernelName, unknown>> = {
  EimAdamW: adamW,
  EimColumnSums: columnSums,
  EimCrossEntropy: crossEntropy,
  EimCrossEntropyGradient: crossEntropyGradient,
  EimGate: gate,
  EimGateGradient: gateGradient,
  EimGlobalNorm: globalNorm,
  EimHeadGather: headGather,
  EimHeadMix: headMix,
  EimHeadScores: headScores,
  EimNormalise: normalise,
  EimNormaliseGradient: normaliseGradient,
  EimSoftmax: softmax,
  EimSoftmaxGradient: softmaxGradient,
};
