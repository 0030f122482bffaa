import { CONTRACT_VERSION, definePlugin } from '@eim/core/contracts';
import { createMixerEncoder } from './mixer-encoder.js';
import { mixerOptionsSchema, mixerPresets } from './mixer-options.js';

export { createMixerEncoder } from './mixer-encoder.js';
export type { MixerOptions } from './mixer-options.js';

export default definePlugin({
  contractVersion: CONTRACT_VERSION,
  name: '@acme/encoder-mixer',
  encoders: {
    mixer: { presets: mixerPresets, optionsSchema: mixerOptionsSchema, create: createMixerEncoder },
  },
});
