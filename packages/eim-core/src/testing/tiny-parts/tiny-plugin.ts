import { CONTRACT_VERSION, type Tokenizer } from '@eim/contracts';
import { defineModelPlugin } from '@eim/contracts/model';
import { z } from 'zod';
import { TinyEncoder } from './tiny-encoder.js';
import { TinyLanguageModel } from './tiny-language-model.js';
import { TinyRouterTransform } from './tiny-router-transform.js';
import { TinySemanticTransform } from './tiny-semantic-transform.js';
import { TinyTuningTransform } from './tiny-tuning-transform.js';

const size = z.int().min(1);
const encoderOptions = z.strictObject({
  imageSize: size.default(4),
  tokenSize: size.default(6),
  pooledSize: size.default(5),
});
const transformOptions = z.strictObject({ prefixLength: size.default(2) });
const languageModelOptions = z.strictObject({
  vocabularySize: size.optional(),
  hiddenSize: size.default(8),
  contextLength: size.default(16),
});

/** The tiny parts as a plug-in manifest: what a third party's package looks like to the core. */
export const tinyPlugin = defineModelPlugin({
  contractVersion: CONTRACT_VERSION,
  name: 'tiny',
  encoders: {
    rows: {
      presets: { small: {}, large: { imageSize: 8, tokenSize: 12 } },
      optionsSchema: encoderOptions,
      create: (options: z.output<typeof encoderOptions>, { random }) =>
        new TinyEncoder({ ...options, random }),
    },
  },
  semanticTransforms: {
    linear: {
      presets: {},
      optionsSchema: transformOptions,
      create: ({ prefixLength }: z.output<typeof transformOptions>, { random, encoder, llm }) =>
        new TinySemanticTransform({
          random,
          prefixLength,
          pooledSize: encoder.pooledSize,
          hiddenSize: llm.hiddenSize,
        }),
    },
    routers: {
      presets: {},
      optionsSchema: z.strictObject({}),
      create: (_: object, context) => new TinyRouterTransform(context),
    },
    tunings: {
      presets: {},
      optionsSchema: z.strictObject({}),
      create: (_: object, context) => new TinyTuningTransform(context),
    },
  },
  languageModels: {
    'one-block': {
      presets: {},
      optionsSchema: languageModelOptions,
      create: (
        { vocabularySize, ...options }: z.output<typeof languageModelOptions>,
        { random, tokenizer }: { random: TinyRandom; tokenizer?: Tokenizer },
      ) =>
        new TinyLanguageModel({
          ...options,
          random,
          ...(tokenizer && { tokenizer }),
          ...(vocabularySize === undefined ? {} : { vocabularySize }),
        }),
    },
  },
});

type TinyRandom = ConstructorParameters<typeof TinyEncoder>[0]['random'];
