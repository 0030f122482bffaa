import type { RandomStream, SemanticTransform, SemanticTransformContext } from '@eim/contracts/model';
import { semanticTransformConformance } from '@eim/core/testing';
import { startEngine } from '@eim/engine';
import { beforeAll, describe, test } from 'vitest';
import { createClipCapMlp, createClipCapTransformer, createLinearTransform } from './create-transforms.js';
import { shapes } from './testing/shapes.js';

const transformer = { prefixLength: 3, clipLength: 2, blockCount: 2, headCount: 2, feedForwardRatio: 2 };
const transforms: Record<string, (context: SemanticTransformContext) => SemanticTransform> = {
  'linear from tokens': (context) => createLinearTransform({ source: 'tokens' }, context),
  'linear from the pooled vector': (context) => createLinearTransform({ source: 'pooled' }, context),
  'clipcap-mlp': (context) => createClipCapMlp({ prefixLength: 3 }, context),
  'clipcap-mlp, normalised': (context) =>
    createClipCapMlp({ prefixLength: 3, normalisePrefix: true }, context),
  'clipcap-transformer': (context) => createClipCapTransformer(transformer, context),
};

const { encoder, llm } = shapes({});

describe.each(['cpu', 'wasm'] as const)('on %s', (engine) => {
  beforeAll(async () => {
    await startEngine({ engine });
  });
  describe.each(Object.entries(transforms))('%s', (_, build) => {
    const create = (random: RandomStream): SemanticTransform => build({ random, encoder, llm });
    for (const { name, run } of semanticTransformConformance({ create, encoder, llm })) test(name, run);
  });
});
