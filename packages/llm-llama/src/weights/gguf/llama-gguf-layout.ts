import type { ExportedGgufValue } from '@eim/contracts';
import type { LlamaOptions } from '../../llama-options.js';
import { llamaWeightsMap } from '../llama-weights-map.js';
import { ggufDescription } from './gguf-description.js';

/** What a GGUF file of a LLaMA holds beside the values. */
export interface LlamaGgufLayout {
  readonly metadata: Readonly<Record<string, ExportedGgufValue>>;
  /** Every tensor that is learnt; a matrix `[outputs, inputs]`. */
  readonly tensors: readonly { readonly name: string; readonly shape: readonly number[] }[];
}

/**
 * Keys, names and shapes of a LLaMA as llama.cpp has it, without a model.
 * @throws EimError `invalid-argument` naming an option that llama.cpp has no key for
 * @example
 * const options = llamaOptionsSchema.parse(llamaPresets['7b']);
 * const { tensors } = llamaGgufLayout({ ...options, vocabularySize: 32000 });
 */
export function llamaGgufLayout(
  options: LlamaOptions & { readonly vocabularySize: number },
): LlamaGgufLayout {
  const { metadata } = ggufDescription({ options, vocabularySize: options.vocabularySize });
  const layout = { naming: 'gguf', shards: [''], tableSplit: 'rows' } as const;
  const { rules } = llamaWeightsMap(options, layout);
  const tensors = rules.flatMap(({ sources }) => sources.map(({ name, shape }) => ({ name, shape })));
  return { metadata, tensors };
}
