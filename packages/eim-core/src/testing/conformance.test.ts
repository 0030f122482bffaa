import type { LanguageModel } from '@eim/contracts/model';
import { type createRandomStream, startEngine } from '@eim/engine';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { imageEncoderConformance } from './image-encoder-conformance.js';
import { languageModelConformance } from './language-model-conformance.js';
import { semanticTransformConformance } from './semantic-transform-conformance.js';
import {
  createTinyTokenizer,
  TinyEncoder,
  TinyLanguageModel,
  TinyQuantisedLanguageModel,
  TinyRouterTransform,
  TinySemanticTransform,
  TinyTuningTransform,
} from './tiny-parts/index.js';
import { TinyCache } from './tiny-parts/tiny-cache.js';

beforeAll(async () => {
  await startEngine({ engine: 'cpu' });
});

describe('the tiny encoder', () => {
  for (const { name, run } of imageEncoderConformance({ create: (random) => new TinyEncoder({ random }) })) {
    it(name, run);
  }
});

describe('the tiny ST', () => {
  // Shapes are read before the engine is up, so they are written out here.
  const points = { insertionPoints: [], blockCount: 1 };
  const encoder = { pooledSize: 5, tokenSize: 6, tokenCount: 4, ...points };
  const llm = { hiddenSize: 8, headCount: 1, vocabularySize: 12, contextLength: 16, ...points };
  const create = (random: ReturnType<typeof createRandomStream>) => new TinySemanticTransform({ random });
  for (const { name, run } of semanticTransformConformance({ create, encoder, llm })) it(name, run);
});

describe('the tiny ST of routers', () => {
  const point = (name: string, width: number, position: 'mlp.input' | 'attention.input') => ({
    insertionPoints: [{ name, block: 0, position, width }],
    blockCount: 1,
  });
  const tokenizer = createTinyTokenizer(['a', 'red', 'disc']);
  const encoder = {
    pooledSize: 5,
    tokenSize: 6,
    tokenCount: 4,
    ...point('blocks.0.mlp.input', 6, 'mlp.input'),
  };
  const llm = {
    hiddenSize: 8,
    headCount: 1,
    vocabularySize: 12,
    contextLength: 16,
    ...point('blocks.0.attention.input', 8, 'attention.input'),
    tokenizer,
  };
  const create = (random: ReturnType<typeof createRandomStream>) =>
    new TinyRouterTransform({ random, encoder, llm, tokenizer });
  for (const { name, run } of semanticTransformConformance({ create, encoder, llm })) it(name, run);
});

describe('the tiny ST of tunings', () => {
  const encoder = { pooledSize: 5, tokenSize: 6, tokenCount: 4, insertionPoints: [], blockCount: 1 };
  const linears = [{ name: 'blocks.0.query', block: 0, inputSize: 8, outputSize: 8 }];
  const sizes = { hiddenSize: 8, headCount: 1, vocabularySize: 12, contextLength: 16, blockCount: 1 };
  const llm = { ...sizes, insertionPoints: [], linears };
  const create = (random: ReturnType<typeof createRandomStream>) =>
    new TinyTuningTransform({ random, encoder, llm });
  for (const { name, run } of semanticTransformConformance({ create, encoder, llm })) it(name, run);
});

describe('the tiny language model', () => {
  const create = (random: ReturnType<typeof createRandomStream>) => new TinyLanguageModel({ random });
  for (const { name, run } of languageModelConformance({ create })) it(name, run);
});

describe('the tiny language model with a head of eight bits', () => {
  const create = (random: ReturnType<typeof createRandomStream>) =>
    new TinyQuantisedLanguageModel({ random });
  for (const { name, run } of languageModelConformance({ create })) it(name, run);
});

/** Suites that pass everything prove nothing: each fault here must fail the case that is there to find it. */
describe('the suites find faults', () => {
  const failing = async (change: (llm: TinyLanguageModel) => Partial<LanguageModel>): Promise<string[]> => {
    const create = (random: ReturnType<typeof createRandomStream>) => {
      const llm = new TinyLanguageModel({ random });
      return Object.assign(llm, change(llm));
    };
    const failed: string[] = [];
    for (const { name, run } of languageModelConformance({ create })) {
      await run().catch(() => failed.push(name));
    }
    return failed;
  };
  const forwardOf = (llm: TinyLanguageModel) => llm.forward.bind(llm);

  it('a leak', async () => {
    const leaking = await failing((llm) => {
      const forward = forwardOf(llm);
      return {
        forward: (embeddings, options) => {
          tf.keep(tf.scalar(1));
          return forward(embeddings, options);
        },
      };
    });
    expect(leaking).toContain('select gives the logits of those rows, in that order');
  });

  it('a wrong gradient', async () => {
    const wrong = await failing((llm) => {
      const forward = forwardOf(llm);
      const scaled = tf.customGrad((x) => ({
        value: tf.clone(x as tf.Tensor),
        gradFunc: (dy) => tf.mul(dy, 1.2),
      }));
      return {
        forward: (embeddings, options) => {
          const result = forward(embeddings, options);
          return { ...result, logits: scaled(result.logits) as tf.Tensor2D };
        },
      };
    });
    expect(wrong).toEqual([
      'gradients reach what tunes linear layers',
      'gradients agree with finite differences',
    ]);
  });

  it('a view of the future and of the rest of the batch', async () => {
    const peeking = await failing((llm) => {
      const forward = forwardOf(llm);
      return {
        forward: (embeddings, options) =>
          forward(tf.add(embeddings, tf.mean(embeddings)) as tf.Tensor3D, options),
      };
    });
    expect(peeking).toContain('no position sees a later one');
    expect(peeking).toContain('a row does not depend on the others of its batch');
    expect(peeking).toContain('a cached pass gives what one pass gives');
  });

  it('rows of a cache that are not told apart from the slots before them', async () => {
    const merged = await failing((llm) => {
      const forward = forwardOf(llm);
      return {
        forward: (embeddings, options = {}) => {
          const { cache, ...rest } = options;
          if (!cache) return forward(embeddings, rest);
          const { key, value, length, lengths } = cache as TinyCache;
          const full = lengths.map(() => length);
          return forward(embeddings, { ...rest, cache: new TinyCache(key, value, full) });
        },
      };
    });
    expect(merged).toContain('rows that join a running batch go on as alone, and so do those that stay');
    expect(merged).toContain('a cache that is cut goes on as the shorter text');
  });

  it('tunings that are not looked at', async () => {
    const untuned = await failing((llm) => {
      const forward = forwardOf(llm);
      return {
        forward: (embeddings, { injection, ...options } = {}) => {
          const { linearTunings: _, ...rest } = injection ?? {};
          return forward(embeddings, { ...options, injection: rest });
        },
      };
    });
    expect(untuned).toEqual([
      'every linear layer that is listed can be tuned',
      'gradients reach what tunes linear layers',
    ]);
  });

  it('hidden states of another block', async () => {
    const shifted = await failing((llm) => {
      const from = llm.forwardFrom.bind(llm);
      return {
        forwardFrom: (start, options) =>
          from({ ...start, hidden: tf.mul(start.hidden, 1.01) as tf.Tensor3D }, options),
      };
    });
    expect(shifted).toEqual(['from the hidden states after any block on equals the whole pass']);
  });

  it('a signal that is not heard', async () => {
    const deaf = await failing((llm) => {
      const generate = llm.generate.bind(llm);
      return { generate: ({ signal: _, ...request }) => generate(request) };
    });
    expect(deaf).toEqual(['an aborted signal stops decoding, at once and in the middle']);
  });
});
