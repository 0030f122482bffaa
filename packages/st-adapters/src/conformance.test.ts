import type { RandomStream, SemanticTransform, SemanticTransformContext } from '@eim/contracts/model';
import { semanticTransformConformance } from '@eim/core/testing';
import { startEngine } from '@eim/engine';
import { beforeAll, describe, test } from 'vitest';
import { createClipCapMlp, createClipCapTransformer, createLinearTransform } from './create-transforms.js';
import { createLavin } from './lavin/create-lavin.js';
import { createLlamaAdapter, createLlamaAdapterV2 } from './llama-adapter/create-llama-adapter.js';
import { shapes, transformerShapes } from './testing/shapes.js';

const transformer = { prefixLength: 3, clipLength: 2, blockCount: 2, headCount: 2, feedForwardRatio: 2 };
const transforms: Record<string, (context: SemanticTransformContext) => SemanticTransform> = {
  'linear from tokens': (context) => createLinearTransform({ source: 'tokens' }, context),
  'linear from the pooled vector': (context) => createLinearTransform({ source: 'pooled' }, context),
  'clipcap-mlp': (context) => createClipCapMlp({ prefixLength: 3 }, context),
  'clipcap-mlp, normalised': (context) =>
    createClipCapMlp({ prefixLength: 3, normalisePrefix: true }, context),
  'clipcap-transformer': (context) => createClipCapTransformer(transformer, context),
};

const lavin = {
  adapterSize: 4,
  temperature: 10,
  projectionSize: 6,
  classTokenInterval: 2,
  pictureWords: [3, 4],
  textWords: [3, 4, 5, 6, 7, 8, 9],
};
const visual = { blocks: [1, 2], hiddenSize: 3 };
const v2 = { promptLength: 2, layerCount: 1, visualSize: 8, visualBlockCount: 1, visualHeadCount: 2 };
/** Between a transformer with class tokens and an LLM of two blocks. */
const adapters: Record<string, (context: SemanticTransformContext) => SemanticTransform> = {
  lavin: (context) => createLavin(lavin, context),
  'lavin, as published': (context) =>
    createLavin({ ...lavin, compat: { laterPositions: true, batchRouting: true } }, context),
  'lavin without class tokens': (context) =>
    createLavin({ ...lavin, visualTokens: 'mean', encoderAdapters: false }, context),
  'llama-adapter, text alone': (context) => createLlamaAdapter({ promptLength: 2, layerCount: 1 }, context),
  'llama-adapter': (context) => createLlamaAdapter({ promptLength: 2, layerCount: 2, visual }, context),
  'llama-adapter, plain gates and means': (context) =>
    createLlamaAdapter(
      { promptLength: 2, layerCount: 2, visual: { ...visual, read: 'mean' }, compat: { plainGate: true } },
      context,
    ),
  'llama-adapter-v2': (context) => createLlamaAdapterV2(v2, context),
  'llama-adapter-v2, of low rank': (context) => createLlamaAdapterV2({ ...v2, loraRank: 2 }, context),
};

describe.each(['cpu', 'wasm'] as const)('on %s', (engine) => {
  beforeAll(async () => {
    await startEngine({ engine });
  });
  describe.each([
    ...Object.entries(transforms).map(([name, build]) => [name, build, shapes({})] as const),
    ...Object.entries(adapters).map(([name, build]) => [name, build, transformerShapes()] as const),
  ])('%s', (_, build, { encoder, llm }) => {
    const create = (random: RandomStream): SemanticTransform => build({ random, encoder, llm });
    for (const { name, run } of semanticTransformConformance({ create, encoder, llm })) test(name, run);
  });
});
