import { CONTRACT_VERSION } from '@eim/contracts';
import { defineModelPlugin } from '@eim/contracts/model';
import { createMixerEncoder } from './mixer-encoder.js';
import { mixerOptionsSchema, mixerPresets } from './mixer-options.js';

export { createMixerEncoder } from './mixer-encoder.js';
export type { MixerOptions } from './mixer-options.js';

export default defineModelPlugin({
  contractVersion: CONTRACT_VERSION,
  name: '@acme/encoder-mixer',
  encoders: {
    mixer: { presets: mixerPresets, optionsSchema: mixerOptionsSchema, create: createMixerEncoder },
  },
});
