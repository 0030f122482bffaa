import { CONTRACT_VERSION } from '@eim/contracts';
import { defineModelPlugin, type EncoderContext } from '@eim/contracts/model';
import { type ClipEncoderOptions, clipEncoderOptionsSchema } from './clip-encoder-options.js';
import { clipPresets, clipTextPresets } from './clip-presets.js';
import { type ClipTextEncoderOptions, clipTextEncoderOptionsSchema } from './clip-text-encoder-options.js';
import { createClipEncoder, createClipTextEncoder } from './create-clip-encoder.js';
import {
  describeClipEncoder,
  describeClipTextEncoder,
  loadClipEncoder,
  loadClipTextEncoder,
} from './load-clip.js';
import { type ClipResnetOptions, clipResnetOptionsSchema } from './resnet/clip-resnet-options.js';
import { clipResnetPresets } from './resnet/clip-resnet-presets.js';
import {
  createClipResnetEncoder,
  describeClipResnetEncoder,
  loadClipResnetEncoder,
} from './resnet/create-clip-resnet.js';
import { hasClipTextTower, recogniseClip } from './weights/clip-naming.js';

/** What this package offers to a config: the image encoders `vit` and `resnet`, and the text encoder `text`. */
export const plugin = defineModelPlugin({
  contractVersion: CONTRACT_VERSION,
  name: '@eim/encoder-clip',
  encoders: {
    vit: {
      presets: clipPresets,
      optionsSchema: clipEncoderOptionsSchema,
      create: (options: ClipEncoderOptions, context: EncoderContext) => createClipEncoder(options, context),
      recognise: recogniseClip('vit'),
      describe: describeClipEncoder,
      load: loadClipEncoder,
    },
    resnet: {
      presets: clipResnetPresets,
      optionsSchema: clipResnetOptionsSchema,
      create: (options: ClipResnetOptions, context: EncoderContext) =>
        createClipResnetEncoder(options, context),
      recognise: recogniseClip('resnet'),
      describe: describeClipResnetEncoder,
      load: loadClipResnetEncoder,
    },
  },
  textEncoders: {
    text: {
      presets: clipTextPresets,
      optionsSchema: clipTextEncoderOptionsSchema,
      create: (options: ClipTextEncoderOptions, context: EncoderContext) =>
        createClipTextEncoder(options, context),
      recognise: hasClipTextTower,
      describe: describeClipTextEncoder,
      load: loadClipTextEncoder,
    },
  },
});
