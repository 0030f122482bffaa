import type { ActivationName } from './activation.js';

/**
 * Element-wise functions by the names of transformers' `ACT2FN`, as far as they are computed here. Its variants of one
 * function differ in rounding alone.
 */
export const huggingFaceActivations: Readonly<Record<string, ActivationName>> = {
  gelu_new: 'gelu',
  gelu_pytorch_tanh: 'gelu',
  gelu_python_tanh: 'gelu',
  gelu_fast: 'gelu',
  gelu_accurate: 'gelu',
  gelu: 'exact-gelu',
  gelu_python: 'exact-gelu',
  quick_gelu: 'quick-gelu',
  relu: 'relu',
  silu: 'silu',
  swish: 'silu',
  tanh: 'tanh',
};

/**
 * The name under which transformers has a function.
 * @example
 * huggingFaceActivationOf('gelu'); // 'gelu_new': the tanh form
 */
export const huggingFaceActivationOf = (activation: ActivationName): string =>
  Object.entries(huggingFaceActivations).find(([, ours]) => ours === activation)![0];
