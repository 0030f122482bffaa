import { CONTRACT_VERSION, definePlugin, type LanguageModelContext } from '@eim/core/contracts';
import { createLlama } from './create-llama.js';
import { type LlamaOptions, llamaOptionsSchema } from './llama-options.js';
import { llamaPresets } from './llama-presets.js';
import { loadLlama } from './load-llama.js';
import { recogniseLlama } from './weights/llama-layout.js';

/** What this package offers to a config: the language model `llama`. */
export const plugin = definePlugin({
  contractVersion: CONTRACT_VERSION,
  name: '@eim/llm-llama',
  languageModels: {
    llama: {
      presets: llamaPresets,
      optionsSchema: llamaOptionsSchema,
      create: (options: LlamaOptions, context: LanguageModelContext) => createLlama(options, context),
      recognise: recogniseLlama,
      load: loadLlama,
    },
  },
});
