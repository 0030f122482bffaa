import { CONTRACT_VERSION } from '@eim/contracts';
import { defineModelPlugin, type LanguageModelContext } from '@eim/contracts/model';
import { createLlama } from './create-llama.js';
import { type LlamaOptions, llamaOptionsSchema } from './llama-options.js';
import { llamaPresets } from './llama-presets.js';
import { describeLlama, loadLlama } from './load-llama.js';
import { llamaExport } from './weights/export-llama.js';
import { recogniseLlama } from './weights/llama-layout.js';
import { distinguishFromLlama } from './weights/near-relatives.js';

/** What this package offers to a config: the language model `llama`. */
export const plugin = defineModelPlugin({
  contractVersion: CONTRACT_VERSION,
  name: '@eim/llm-llama',
  languageModels: {
    llama: {
      presets: llamaPresets,
      optionsSchema: llamaOptionsSchema,
      create: (options: LlamaOptions, context: LanguageModelContext) => createLlama(options, context),
      recognise: recogniseLlama,
      distinguish: distinguishFromLlama,
      describe: describeLlama,
      load: loadLlama,
      exports: [llamaExport],
    },
  },
});
