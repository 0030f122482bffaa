import { CONTRACT_VERSION } from '@eim/contracts';
import { defineModelPlugin, type LanguageModelContext } from '@eim/contracts/model';
import { createGpt2 } from './create-gpt2.js';
import { type Gpt2Options, gpt2OptionsSchema } from './gpt2-options.js';
import { gpt2Presets } from './gpt2-presets.js';
import { describeGpt2, loadGpt2 } from './load-gpt2.js';
import { gpt2Export } from './weights/export-gpt2.js';
import { recogniseGpt2 } from './weights/gpt2-naming.js';
import { distinguishFromGpt2 } from './weights/near-relatives.js';

/** What this package offers to a config: the language model `gpt2`. */
export const plugin = defineModelPlugin({
  contractVersion: CONTRACT_VERSION,
  name: '@eim/llm-gpt2',
  languageModels: {
    gpt2: {
      presets: gpt2Presets,
      optionsSchema: gpt2OptionsSchema,
      create: (options: Gpt2Options, context: LanguageModelContext) => createGpt2(options, context),
      recognise: recogniseGpt2,
      distinguish: distinguishFromGpt2,
      describe: describeGpt2,
      load: loadGpt2,
      exports: [gpt2Export],
    },
  },
});
