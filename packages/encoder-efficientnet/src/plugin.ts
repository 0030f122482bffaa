import { CONTRACT_VERSION } from '@eim/contracts';
import { defineModelPlugin, type EncoderContext } from '@eim/contracts/model';
import { createEfficientNetEncoder, loadEfficientNetEncoder } from './create-efficientnet.js';
import { type EfficientNetOptions, efficientNetOptionsSchema } from './efficientnet-options.js';
import { efficientNetPresets } from './efficientnet-presets.js';
import { describeEfficientNetEncoder, recogniseEfficientNet } from './weights/described-options.js';

/** What this package offers to a config: the image encoder `efficientnet-lite`. */
export const plugin = defineModelPlugin({
  contractVersion: CONTRACT_VERSION,
  name: '@eim/encoder-efficientnet',
  encoders: {
    'efficientnet-lite': {
      presets: efficientNetPresets,
      optionsSchema: efficientNetOptionsSchema,
      create: (options: EfficientNetOptions, context: EncoderContext) =>
        createEfficientNetEncoder(options, context),
      recognise: recogniseEfficientNet,
      describe: describeEfficientNetEncoder,
      load: loadEfficientNetEncoder,
    },
  },
});
