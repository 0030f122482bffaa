export { createEfficientNetEncoder, loadEfficientNetEncoder } from './create-efficientnet.js';
export { EfficientNetEncoder } from './efficientnet-encoder.js';
export {
  type EfficientNetOptions,
  type EfficientNetOptionsInput,
  efficientNetOptionsSchema,
} from './efficientnet-options.js';
export { efficientNetPresets } from './efficientnet-presets.js';
export { plugin as default } from './plugin.js';
export { describeEfficientNetEncoder } from './weights/described-options.js';
