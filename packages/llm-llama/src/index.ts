export { createLlama } from './create-llama.js';
export { Llama } from './llama.js';
export {
  type LlamaOptions,
  type LlamaOptionsInput,
  llamaOptionsSchema,
  llamaParameterCount,
} from './llama-options.js';
export { llamaPresets } from './llama-presets.js';
export { describeLlama, loadLlama } from './load-llama.js';
export { plugin as default } from './plugin.js';
export { type LlamaGgufLayout, llamaGgufLayout } from './weights/gguf/llama-gguf-layout.js';
