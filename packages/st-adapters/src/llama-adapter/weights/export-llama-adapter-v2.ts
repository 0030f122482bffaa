import { EimError, type ExportedTensor, type ExportNeighbours, type PartExport } from '@eim/contracts';
import { parameterValues } from '@eim/nn';
import { publishedTensors } from '@eim/weights';
import type { LlamaAdapterV2 } from '../llama-adapter-v2.js';
import { llamaAdapterV2WeightsMap } from './llama-adapter-v2-weights-map.js';
import { llamaNormNames } from './llama-norm-names.js';

/** `lora_rank` of every published file, whether or not it has such matrices. */
const PUBLISHED_RANK = 16;

/** V2's adapter file, `{model, config}`: of type BIAS, or LORA-BIAS where there is a `loraRank`. LLaMA's norms are in it. */
export const llamaAdapterV2Export: PartExport<LlamaAdapterV2> = {
  target: 'llama-adapter',
  async checkpoint(st, neighbours) {
    const { options } = st;
    const { encoder, llm } = st.neighbours;
    const { hiddenSize, headCount, blockCount, linears = [] } = llm;
    const sizes = { ...options, hiddenSize, headCount, blockCount, linears, tokenSize: encoder.tokenSize };
    const map = llamaAdapterV2WeightsMap(options, sizes, { biases: options.biases });
    const adapters = await publishedTensors(map, parameterValues(st));
    const { biases, loraRank } = options;
    return {
      place: 'model',
      tensors: [...adapters, ...(neighbours ? await normsOf(neighbours, blockCount, hiddenSize) : [])],
      beside: {
        config: { w_bias: biases, w_lora: loraRank !== undefined, lora_rank: loraRank ?? PUBLISHED_RANK },
      },
    };
  },
};

async function normsOf(
  neighbours: ExportNeighbours,
  blockCount: number,
  hiddenSize: number,
): Promise<readonly ExportedTensor[]> {
  const tensors: ExportedTensor[] = [];
  for (const [ours, theirs] of llamaNormNames(blockCount)) {
    const values = await neighbours.llmValues(ours);
    if (!values) throw noLlama(ours);
    tensors.push({ name: theirs, shape: [hiddenSize], values });
  }
  return tensors;
}

const noLlama = (parameter: string): EimError =>
  new EimError({
    code: 'invalid-argument',
    message: `LLaMA-Adapter V2's program has LLaMA behind the adapter, and this LLM has no ${parameter}.`,
    advice: 'Write the ST alone by --st-alone.',
    data: { parameter },
  });
