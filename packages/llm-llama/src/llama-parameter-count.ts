import type { LlamaOptions } from './llama-options.js';

type Sizes = Pick<LlamaOptions, 'hiddenSize' | 'blockCount' | 'headCount' | 'feedForwardSize'> &
  Partial<Pick<LlamaOptions, 'keyValueHeadCount' | 'tiedHead'>>;

/** Parameters of a LLaMA of these sizes, without building it; a tied head counts once. */
export function llamaParameterCount(options: Sizes & { readonly vocabularySize: number }): number {
  const { hiddenSize, blockCount, headCount, feedForwardSize, vocabularySize } = options;
  const { keyValueHeadCount = headCount, tiedHead = false } = options;
  const keyValueSize = (hiddenSize / headCount) * keyValueHeadCount;
  const attention = 2 * hiddenSize * hiddenSize + 2 * hiddenSize * keyValueSize;
  const feedForward = 3 * hiddenSize * feedForwardSize;
  const norms = 2 * hiddenSize;
  const tables = (tiedHead ? 1 : 2) * vocabularySize * hiddenSize;
  return tables + blockCount * (attention + feedForward + norms) + hiddenSize;
}
