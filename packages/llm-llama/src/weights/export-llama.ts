import type { ExportedTensor, PartExport } from '@eim/contracts';
import { parameterValues } from '@eim/nn';
import { publishedTensors } from '@eim/weights';
import type { Llama } from '../llama.js';
import { ggufDescription } from './gguf/gguf-description.js';
import { huggingFaceConfig } from './hugging-face/hugging-face-config.js';
import type { LlamaNaming } from './llama-layout.js';
import { llamaWeightsMap } from './llama-weights-map.js';

/** A LLaMA under the names, and in the order of values, of another layout; a tied head is left out. */
export async function llamaTensors(llm: Llama, naming: LlamaNaming): Promise<readonly ExportedTensor[]> {
  const { options, vocabularySize } = llm;
  const layout = { naming, shards: [''], tableSplit: 'rows' } as const;
  return await publishedTensors(
    llamaWeightsMap({ ...options, vocabularySize }, layout),
    parameterValues(llm),
  );
}

/** LLaMA as the state dict of transformers' `LlamaForCausalLM`: flat, a tied head beside the table that it is tied to. */
export const llamaExport: PartExport<Llama> = {
  target: 'llama',
  library: 'transformers',
  async checkpoint(llm) {
    const tensors = await llamaTensors(llm, 'hugging-face');
    if (!llm.options.tiedHead) return { tensors };
    const table = tensors.find(({ name }) => name === 'model.embed_tokens.weight')!;
    return { tensors: [...tensors, { ...table, name: 'lm_head.weight' }] };
  },
  async pretrained(llm) {
    return { config: huggingFaceConfig(llm), tensors: await llamaTensors(llm, 'hugging-face') };
  },
  async gguf(llm) {
    const { metadata, factors } = ggufDescription(llm);
    return { metadata, tensors: [...(await llamaTensors(llm, 'gguf')), ...factors] };
  },
};
