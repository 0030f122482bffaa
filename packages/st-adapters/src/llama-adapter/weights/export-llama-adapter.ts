import type { ExportedTensor, PartExport } from '@eim/contracts';
import { parameterValues } from '@eim/nn';
import { publishedTensors } from '@eim/weights';
import { refuseOtherOptions } from '../../weights/refuse-other-options.js';
import type { LlamaAdapter } from '../llama-adapter.js';
import { gateName } from './llama-adapter-layout.js';
import { llamaAdapterWeightsMap } from './llama-adapter-weights-map.js';

/**
 * V1's adapter file: prompts, and the gates of all blocks. As in the published files, gates of blocks without prompts are zeros
 * in 16 bits, which is how a reader knows how many blocks the prompts are for.
 */
export const llamaAdapterExport: PartExport<LlamaAdapter> = {
  target: 'llama-adapter',
  async checkpoint(st) {
    const { options, neighbours } = st;
    refuseOtherOptions("LLaMA-Adapter V1's program", options, { visual: undefined });
    const { headCount, blockCount } = neighbours.llm;
    const map = llamaAdapterWeightsMap(options, { ...options, ...neighbours.llm, visualSize: 0 });
    const tensors = await publishedTensors(map, parameterValues(st));
    const unread = Array.from(
      { length: blockCount - options.layerCount },
      (_, block): ExportedTensor => ({
        name: gateName(block),
        shape: [1, headCount, 1, 1],
        values: new Float32Array(headCount),
        dtype: 'F16',
      }),
    );
    return { tensors: [...unread, ...tensors] };
  },
};
