import type { PartExport } from '@eim/contracts';
import { parameterValues } from '@eim/nn';
import { publishedTensors } from '@eim/weights';
import { refuseOtherOptions } from '../../weights/refuse-other-options.js';
import type { Lavin } from '../lavin.js';
import { lavinPresets } from '../lavin-presets.js';
import { lavinWeightsMap } from './lavin-weights-map.js';

/** LaVIN's ST as its program reads it: `{model: {...}}`, names without `module.`. */
export const lavinExport: PartExport<Lavin> = {
  target: 'lavin',
  async checkpoint(st) {
    // what the program has no argument for; adapter_dim, hidden_proj, temperature and adapter_scale it has
    const { groups, visualTokens, classTokenInterval, encoderAdapters, pictureWords, textWords } =
      lavinPresets['7b'];
    refuseOtherOptions("LaVIN's program", st.options, {
      groups,
      visualTokens,
      classTokenInterval,
      encoderAdapters,
      pictureWords,
      textWords,
    });
    const map = lavinWeightsMap(st.options, st.neighbours, { prefix: '' });
    return { place: 'model', tensors: await publishedTensors(map, parameterValues(st)) };
  },
};
