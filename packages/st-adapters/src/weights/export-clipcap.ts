import { EimError, type ExportedTensor, type ExportNeighbours, type PartExport } from '@eim/contracts';
import { parameterValues } from '@eim/nn';
import { publishedTensors } from '@eim/weights';
import type { ClipCapMlp } from '../clipcap-mlp.js';
import type { ClipCapTransformer } from '../clipcap-transformer.js';
import { clipCapMlpWeightsMap, clipCapTransformerWeightsMap } from './clipcap-weights-map.js';
import { refuseOtherOptions } from './refuse-other-options.js';

const MAPPER = 'clip_project.';
const TARGET = 'clipcap';

/** The MLP mapper as ClipCap's programs read it: a flat state dict, with GPT-2 where there are neighbours. */
export const clipCapMlpExport: PartExport<ClipCapMlp> = {
  target: TARGET,
  async checkpoint(st, neighbours) {
    const map = clipCapMlpWeightsMap(st.options, st.widths, MAPPER);
    return {
      tensors: [...(await gpt2Of(neighbours)), ...(await publishedTensors(map, parameterValues(st)))],
    };
  },
};

/** The transformer mapper as ClipCap's programs read it: a flat state dict, with GPT-2 where there are neighbours. */
export const clipCapTransformerExport: PartExport<ClipCapTransformer> = {
  target: TARGET,
  async checkpoint(st, neighbours) {
    refuseOtherOptions("ClipCap's program", st.options, { headCount: 8, feedForwardRatio: 2 });
    const map = clipCapTransformerWeightsMap(st.options, st.widths, MAPPER);
    return {
      tensors: [...(await gpt2Of(neighbours)), ...(await publishedTensors(map, parameterValues(st)))],
    };
  },
};

/** Both programs load strictly, so that GPT-2 must be there even where it has not learnt. */
async function gpt2Of(neighbours: ExportNeighbours | undefined): Promise<readonly ExportedTensor[]> {
  if (!neighbours) return [];
  const tensors = await neighbours.llmTensors('gpt2');
  if (tensors) return tensors.map((tensor) => ({ ...tensor, name: `gpt.${tensor.name}` }));
  throw new EimError({
    code: 'invalid-argument',
    message: "ClipCap's programs have GPT-2 behind the mapper, and this LLM cannot be written as one.",
    advice: 'Write the mapper alone by --st-alone.',
    data: { target: TARGET },
  });
}
