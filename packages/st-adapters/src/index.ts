export { ClipCapMlp } from './clipcap-mlp.js';
export {
  type ClipCapMlpOptions,
  type ClipCapMlpOptionsInput,
  clipCapMlpOptionsSchema,
} from './clipcap-mlp-options.js';
export { clipCapMlpParameterCount, clipCapTransformerParameterCount } from './clipcap-parameter-count.js';
export { ClipCapTransformer } from './clipcap-transformer.js';
export {
  type ClipCapTransformerOptions,
  type ClipCapTransformerOptionsInput,
  clipCapTransformerOptionsSchema,
} from './clipcap-transformer-options.js';
export { createClipCapMlp, createClipCapTransformer, createLinearTransform } from './create-transforms.js';
export { createLavin } from './lavin/create-lavin.js';
export { Lavin } from './lavin/lavin.js';
export { type LavinOptions, type LavinOptionsInput, lavinOptionsSchema } from './lavin/lavin-options.js';
export { lavinPresets } from './lavin/lavin-presets.js';
export { loadLavin } from './lavin/load-lavin.js';
export { describeLavin } from './lavin/weights/describe-lavin.js';
export { LinearTransform } from './linear-transform.js';
export {
  type LinearTransformOptions,
  type LinearTransformOptionsInput,
  linearTransformOptionsSchema,
} from './linear-transform-options.js';
export { createLlamaAdapter, createLlamaAdapterV2 } from './llama-adapter/create-llama-adapter.js';
export { LlamaAdapter } from './llama-adapter/llama-adapter.js';
export {
  type LlamaAdapterOptions,
  type LlamaAdapterOptionsInput,
  llamaAdapterOptionsSchema,
} from './llama-adapter/llama-adapter-options.js';
export { llamaAdapterPresets, llamaAdapterV2Presets } from './llama-adapter/llama-adapter-presets.js';
export { LlamaAdapterV2 } from './llama-adapter/llama-adapter-v2.js';
export {
  type LlamaAdapterV2Options,
  type LlamaAdapterV2OptionsInput,
  llamaAdapterV2OptionsSchema,
} from './llama-adapter/llama-adapter-v2-options.js';
export { loadLlamaAdapter } from './llama-adapter/load-llama-adapter.js';
export { loadLlamaAdapterV2 } from './llama-adapter/load-llama-adapter-v2.js';
export { describeLlamaAdapter } from './llama-adapter/weights/describe-llama-adapter.js';
export { describeLlamaAdapterV2 } from './llama-adapter/weights/describe-llama-adapter-v2.js';
export { loadClipCapMlp, loadClipCapTransformer } from './load-clipcap.js';
export { plugin as default } from './plugin.js';
export { clipCapMlpPresets, clipCapTransformerPresets, linearTransformPresets } from './presets.js';
export { describeClipCapMlp, describeClipCapTransformer } from './weights/describe-clipcap.js';
