export {
  type ClipEncoderOptions,
  type ClipEncoderOptionsInput,
  clipEncoderOptionsSchema,
} from './clip-encoder-options.js';
export { ClipImageEncoder } from './clip-image-encoder.js';
export { clipParameterCount, clipTextParameterCount } from './clip-parameter-count.js';
export { clipPresets, clipTextPresets } from './clip-presets.js';
export { ClipTextEncoder } from './clip-text-encoder.js';
export {
  type ClipTextEncoderOptions,
  type ClipTextEncoderOptionsInput,
  clipTextEncoderOptionsSchema,
} from './clip-text-encoder-options.js';
export { createClipEncoder, createClipTextEncoder } from './create-clip-encoder.js';
export {
  describeClipEncoder,
  describeClipTextEncoder,
  loadClipEncoder,
  loadClipTextEncoder,
} from './load-clip.js';
export { plugin as default } from './plugin.js';
export { ClipResnetEncoder } from './resnet/clip-resnet-encoder.js';
export {
  type ClipResnetOptions,
  type ClipResnetOptionsInput,
  clipResnetOptionsSchema,
} from './resnet/clip-resnet-options.js';
export { clipResnetPresets, clipResnetTextPresets } from './resnet/clip-resnet-presets.js';
export {
  createClipResnetEncoder,
  describeClipResnetEncoder,
  loadClipResnetEncoder,
} from './resnet/create-clip-resnet.js';
