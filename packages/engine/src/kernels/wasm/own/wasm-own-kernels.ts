import type { OwnKernelName } from '../../../ops/own-kernel.js';
import { adamW } from './adam-w.js';
import { blockProduct, blockProductGradient, blockRows, fastBlockProduct } from './block-products.js';
import { crossEntropyGradient, crossEntropyKernel } from './cross-entropy-kernel.js';
import { decodeBlocks } from './decode-blocks.js';
import { gate, gateGradient } from './gate.js';
import { globalNormKernel } from './global-norm-kernel.js';
import { headGather, headMix, headScores } from './head-products.js';
import { columnSums, normalise, normaliseGradient } from './normalise.js';
import { softmaxGradient, softmaxKernel } from './softmax-kernel.js';

/** Kernels that replace an op's plain TensorFlow.js ops, each in one pass over its data. */
export const OWN_KERNELS: Readonly<Record<OwnKernelName, unknown>> = {
  EimAdamW: adamW,
  EimBlockProduct: blockProduct,
  EimBlockProductGradient: blockProductGradient,
  EimBlockRows: blockRows,
  EimColumnSums: columnSums,
  EimCrossEntropy: crossEntropyKernel,
  EimCrossEntropyGradient: crossEntropyGradient,
  EimDecodeRows: decodeBlocks,
  EimFastBlockProduct: fastBlockProduct,
  EimGate: gate,
  EimGateGradient: gateGradient,
  EimGlobalNorm: globalNormKernel,
  EimHeadGather: headGather,
  EimHeadMix: headMix,
  EimHeadScores: headScores,
  EimNormalise: normalise,
  EimNormaliseGradient: normaliseGradient,
  EimSoftmax: softmaxKernel,
  EimSoftmaxGradient: softmaxGradient,
};
