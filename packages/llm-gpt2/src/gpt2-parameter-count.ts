import { transformerParameterCount } from '@eim/nn';
import type { Gpt2Options } from './gpt2-options.js';

type Sizes = Pick<Gpt2Options, 'hiddenSize' | 'blockCount' | 'feedForwardSize' | 'contextLength'>;

/** Parameters of a GPT-2 of these sizes, without building it; the tied head counts once. */
export function gpt2ParameterCount(options: Sizes & { readonly vocabularySize: number }): number {
  const { hiddenSize, blockCount, feedForwardSize, contextLength, vocabularySize } = options;
  const embeddings = (vocabularySize + contextLength) * hiddenSize;
  const blocks = transformerParameterCount({ size: hiddenSize, feedForwardSize, blockCount });
  const finalNorm = 2 * hiddenSize;
  return embeddings + blocks + finalNorm;
}
