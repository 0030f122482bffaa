import { CONTRACT_VERSION } from '@eim/contracts';
import { defineModelPlugin, type SemanticTransformContext } from '@eim/contracts/model';
import { type ClipCapMlpOptions, clipCapMlpOptionsSchema } from './clipcap-mlp-options.js';
import {
  type ClipCapTransformerOptions,
  clipCapTransformerOptionsSchema,
} from './clipcap-transformer-options.js';
import { createClipCapMlp, createClipCapTransformer, createLinearTransform } from './create-transforms.js';
import { createLavin } from './lavin/create-lavin.js';
import { type LavinOptions, lavinOptionsSchema } from './lavin/lavin-options.js';
import { lavinPresets } from './lavin/lavin-presets.js';
import { loadLavin } from './lavin/load-lavin.js';
import { describeLavin } from './lavin/weights/describe-lavin.js';
import { lavinExport } from './lavin/weights/export-lavin.js';
import { recogniseLavin } from './lavin/weights/lavin-layout.js';
import { type LinearTransformOptions, linearTransformOptionsSchema } from './linear-transform-options.js';
import { createLlamaAdapter, createLlamaAdapterV2 } from './llama-adapter/create-llama-adapter.js';
import {
  type LlamaAdapterOptions,
  llamaAdapterOptionsSchema,
} from './llama-adapter/llama-adapter-options.js';
import { llamaAdapterPresets, llamaAdapterV2Presets } from './llama-adapter/llama-adapter-presets.js';
import {
  type LlamaAdapterV2Options,
  llamaAdapterV2OptionsSchema,
} from './llama-adapter/llama-adapter-v2-options.js';
import { loadLlamaAdapter } from './llama-adapter/load-llama-adapter.js';
import { loadLlamaAdapterV2 } from './llama-adapter/load-llama-adapter-v2.js';
import { describeLlamaAdapter } from './llama-adapter/weights/describe-llama-adapter.js';
import { describeLlamaAdapterV2 } from './llama-adapter/weights/describe-llama-adapter-v2.js';
import { llamaAdapterExport } from './llama-adapter/weights/export-llama-adapter.js';
import { llamaAdapterV2Export } from './llama-adapter/weights/export-llama-adapter-v2.js';
import { recogniseLlamaAdapter } from './llama-adapter/weights/llama-adapter-layout.js';
import { loadClipCapMlp, loadClipCapTransformer } from './load-clipcap.js';
import { clipCapMlpPresets, clipCapTransformerPresets, linearTransformPresets } from './presets.js';
import { recogniseClipCap } from './weights/clipcap-layout.js';
import { describeClipCapMlp, describeClipCapTransformer } from './weights/describe-clipcap.js';
import { clipCapMlpExport, clipCapTransformerExport } from './weights/export-clipcap.js';

/** What this package offers to a config: the STs `linear`, `clipcap-mlp`, `clipcap-transformer`, `lavin`, `llama-adapter` and `llama-adapter-v2`. */
export const plugin = defineModelPlugin({
  contractVersion: CONTRACT_VERSION,
  name: '@eim/st-adapters',
  semanticTransforms: {
    linear: {
      presets: linearTransformPresets,
      optionsSchema: linearTransformOptionsSchema,
      create: (options: LinearTransformOptions, context: SemanticTransformContext) =>
        createLinearTransform(options, context),
    },
    'clipcap-mlp': {
      presets: clipCapMlpPresets,
      optionsSchema: clipCapMlpOptionsSchema,
      create: (options: ClipCapMlpOptions, context: SemanticTransformContext) =>
        createClipCapMlp(options, context),
      recognise: recogniseClipCap('mlp'),
      describe: describeClipCapMlp,
      load: loadClipCapMlp,
      exports: [clipCapMlpExport],
    },
    'clipcap-transformer': {
      presets: clipCapTransformerPresets,
      optionsSchema: clipCapTransformerOptionsSchema,
      create: (options: ClipCapTransformerOptions, context: SemanticTransformContext) =>
        createClipCapTransformer(options, context),
      recognise: recogniseClipCap('transformer'),
      describe: describeClipCapTransformer,
      load: loadClipCapTransformer,
      exports: [clipCapTransformerExport],
    },
    lavin: {
      presets: lavinPresets,
      optionsSchema: lavinOptionsSchema,
      create: (options: LavinOptions, context: SemanticTransformContext) => createLavin(options, context),
      recognise: recogniseLavin,
      describe: describeLavin,
      load: loadLavin,
      exports: [lavinExport],
    },
    'llama-adapter': {
      presets: llamaAdapterPresets,
      optionsSchema: llamaAdapterOptionsSchema,
      create: (options: LlamaAdapterOptions, context: SemanticTransformContext) =>
        createLlamaAdapter(options, context),
      recognise: recogniseLlamaAdapter(1),
      describe: describeLlamaAdapter,
      load: loadLlamaAdapter,
      exports: [llamaAdapterExport],
    },
    'llama-adapter-v2': {
      presets: llamaAdapterV2Presets,
      optionsSchema: llamaAdapterV2OptionsSchema,
      create: (options: LlamaAdapterV2Options, context: SemanticTransformContext) =>
        createLlamaAdapterV2(options, context),
      recognise: recogniseLlamaAdapter(2),
      describe: describeLlamaAdapterV2,
      load: loadLlamaAdapterV2,
      exports: [llamaAdapterV2Export],
    },
  },
});
