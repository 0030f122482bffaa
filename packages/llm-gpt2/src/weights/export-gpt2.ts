import { EimError, type ExportedTensor, type PartExport } from '@eim/contracts';
import { parameterValues } from '@eim/nn';
import { publishedTensors } from '@eim/weights';
import type { Gpt2 } from '../gpt2.js';
import { gpt2WeightsMap } from './gpt2-weights-map.js';
import { huggingFaceConfig } from './hugging-face-config.js';

const PREFIX = 'transformer.';
const HEAD = 'lm_head.weight';
/** What transformers' GPT-2 computes where its sizes alone are said. */
const PUBLISHED = { activation: 'gelu', normEpsilon: 1e-5, tiedHead: true } as const;

/** GPT-2 as the state dict of transformers' `GPT2LMHeadModel`: flat, the head beside the table that it is tied to. */
export const gpt2Export: PartExport<Gpt2> = {
  target: 'gpt2',
  library: 'transformers',
  async checkpoint(llm) {
    const { options } = llm;
    const names = Object.keys(PUBLISHED) as (keyof typeof PUBLISHED)[];
    const other = names.filter((name) => options[name] !== PUBLISHED[name]);
    if (other.length > 0) throw notPublished(other, options);
    const tensors = await gpt2Tensors(llm);
    const table = tensors.find(({ name }) => name === `${PREFIX}wte.weight`)!;
    return { tensors: [...tensors, { ...table, name: HEAD }] };
  },
  async pretrained(llm) {
    return { config: huggingFaceConfig(llm), tensors: await gpt2Tensors(llm) };
  },
};

async function gpt2Tensors(llm: Gpt2): Promise<readonly ExportedTensor[]> {
  const { options, vocabularySize } = llm;
  return await publishedTensors(gpt2WeightsMap({ ...options, vocabularySize }, PREFIX), parameterValues(llm));
}

function notPublished(names: readonly (keyof typeof PUBLISHED)[], options: Gpt2['options']): EimError {
  const said = names.map((name) => `${name} is ${JSON.stringify(options[name])}`).join(' and ');
  return new EimError({
    code: 'invalid-argument',
    message: `A state dict of GPT-2 does not say that ${said}: whoever reads it computes otherwise.`,
    advice: `Every published GPT-2 has ${names.map((name) => `${name} ${JSON.stringify(PUBLISHED[name])}`).join(' and ')}.`,
    data: { options: names },
  });
}
