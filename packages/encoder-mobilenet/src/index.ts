export {
  createMobileNetEncoder,
  describeMobileNetEncoder,
  loadMobileNetEncoder,
} from './create-mobilenet.js';
export { MobileNetEncoder } from './mobilenet-encoder.js';
export {
  type MobileNetOptions,
  type MobileNetOptionsInput,
  mobileNetOptionsSchema,
} from './mobilenet-options.js';
export { mobileNetPresets } from './mobilenet-presets.js';
export { plugin as default } from './plugin.js';
