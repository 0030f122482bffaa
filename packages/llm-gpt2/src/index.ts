export { createGpt2 } from './create-gpt2.js';
export { Gpt2 } from './gpt2.js';
export {
  type Gpt2Options,
  type Gpt2OptionsInput,
  gpt2OptionsSchema,
  gpt2ParameterCount,
} from './gpt2-options.js';
export { gpt2Presets } from './gpt2-presets.js';
export { describeGpt2, loadGpt2 } from './load-gpt2.js';
export { plugin as default } from './plugin.js';
