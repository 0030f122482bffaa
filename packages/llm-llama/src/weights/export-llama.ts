import type { PartExport } from '@eim/contracts';
import { parameterValues } from '@eim/nn';
import { publishedTensors } from '@eim/weights';
import type { Llama } from '../llama.js';
import { llamaWeightsMap } from './llama-weights-map.js';

/** LLaMA as the state dict of transformers' `LlamaForCausalLM`: flat, a tied head beside the table that it is tied to. */
export const llamaExport: PartExport<Llama> = {
  target: 'llama',
  library: 'transformers',
  async checkpoint(llm) {
    const { options, vocabularySize } = llm;
    const layout = { naming: 'hugging-face', shards: [''], tableSplit: 'rows' } as const;
    const map = llamaWeightsMap({ ...options, vocabularySize }, layout);
    const tensors = await publishedTensors(map, parameterValues(llm));
    if (!options.tiedHead) return { tensors };
    const table = tensors.find(({ name }) => name === 'model.embed_tokens.weight')!;
    return { tensors: [...tensors, { ...table, name: 'lm_head.weight' }] };
  },
};
