import { CONTRACT_VERSION } from '@eim/contracts';
import { defineModelPlugin, type EncoderContext } from '@eim/contracts/model';
import {
  createMobileNetEncoder,
  describeMobileNetEncoder,
  loadMobileNetEncoder,
  recogniseMobileNet,
} from './create-mobilenet.js';
import { type MobileNetOptions, mobileNetOptionsSchema } from './mobilenet-options.js';
import { mobileNetPresets } from './mobilenet-presets.js';

/** What this package offers to a config: the image encoder `mobilenet-v2`. */
export const plugin = defineModelPlugin({
  contractVersion: CONTRACT_VERSION,
  name: '@eim/encoder-mobilenet',
  encoders: {
    'mobilenet-v2': {
      presets: mobileNetPresets,
      optionsSchema: mobileNetOptionsSchema,
      create: (options: MobileNetOptions, context: EncoderContext) =>
        createMobileNetEncoder(options, context),
      recognise: recogniseMobileNet,
      describe: describeMobileNetEncoder,
      load: loadMobileNetEncoder,
    },
  },
});
