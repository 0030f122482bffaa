import type { Tokenizer } from '@eim/contracts';
import { createRandomStream, startEngine } from '@eim/engine';
import { beforeAll, describe, expect, test } from 'vitest';
import { createLlama } from './create-llama.js';
import plugin from './index.js';
import { llamaOptionsSchema, llamaParameterCount } from './llama-options.js';
import { llamaPresets } from './llama-presets.js';

const random = createRandomStream(1);
const tokenizer: Tokenizer = {
  vocabularySize: 50,
  specialTokens: { begin: 0, end: 1, pad: 2 },
  encode: () => [],
  decode: () => '',
  toJSON: () => ({}),
};

beforeAll(async () => {
  await startEngine({ engine: 'cpu' });
});

// the counts that the papers and model cards state
test.each([
  ['7b', 6738.42],
  ['13b', 13015.86],
  ['llama2-70b', 68976.65],
  ['llama3-8b', 8030.26],
  ['llama3.1-70b', 70553.71],
  ['llama3.2-1b', 1235.81],
  ['llama3.2-3b', 3212.75],
] as const)('%s has %d million parameters', (preset, expected) => {
  const { vocabularySize, ...sizes } = llamaPresets[preset];
  expect(llamaParameterCount({ ...sizes, vocabularySize: vocabularySize! }) / 1e6).toBeCloseTo(expected, 2);
});

describe('createLlama', () => {
  test.each([false, true])('builds what the formula counts, tied head: %s', (tiedHead) => {
    const model = createLlama({ ...llamaPresets.tiny, tiedHead }, { random, tokenizer });
    expect(model.vocabularySize).toBe(50);
    expect(model.stopTokens).toEqual([1]);
    const count = model.parameters().reduce((sum, { variable }) => sum + variable.size, 0);
    expect(count).toBe(llamaParameterCount({ ...llamaPresets.tiny, tiedHead, vocabularySize: 50 }));
    expect(model.parameters().some(({ role }) => role === 'bias')).toBe(false);
    model.dispose();
  });

  test('counts biases and heads of their own width', () => {
    const sizes = { ...llamaPresets.tiny, headSize: 24, queryKeyValueBias: true } as const;
    const shaped = { ...sizes, attentionOutputBias: true, feedForwardBias: true };
    const model = createLlama(shaped, { random, tokenizer });
    const count = model.parameters().reduce((sum, { variable }) => sum + variable.size, 0);
    expect(count).toBe(llamaParameterCount({ ...shaped, vocabularySize: 50 }));
    const query = model.linears.find(({ name }) => name === 'blocks.0.attention.query');
    expect(query).toMatchObject({ inputSize: 128, outputSize: 96 });
    model.dispose();
  });

  test('nothing ends a text that has no end token', () => {
    const ids = { vocabularySize: 9, specialTokens: { begin: 3 } };
    const model = createLlama({ ...llamaPresets.tiny, ...ids, stopTokens: [] }, { random });
    expect(model).toMatchObject({ stopTokens: [], specialTokens: { begin: 3, end: 0, pad: 0 } });
    model.dispose();
    expect(() => createLlama({ ...llamaPresets.tiny, ...ids }, { random })).toThrow(
      /specialTokens.end: must be given, unless stopTokens/,
    );
  });

  test('refuses what cannot be, all mistakes at once', () => {
    expect(() => createLlama(llamaPresets.tiny, { random })).toThrow(/without a tokenizer/);
    expect(() => createLlama({ ...llamaPresets.tiny, vocabularySize: 40 }, { random, tokenizer })).toThrow(
      /50 ids; LLaMA was given a vocabulary of 40/,
    );
    const wrong = { ...llamaPresets.tiny, headCount: 128, keyValueHeadCount: 3 };
    expect(() => createLlama(wrong, { random, tokenizer })).toThrow(
      /headCount: .*even.*keyValueHeadCount: must/s,
    );
    const narrow = { ...llamaPresets.tiny, headSize: 2, ropeScaling: { type: 'dynamic', factor: 2 } };
    expect(() => createLlama(narrow as never, { random })).toThrow(/originalContextLength/);
    const factors = { ...llamaPresets.tiny, ropeScaling: { type: 'factors', factors: [1, 2] } } as const;
    expect(() =>
      createLlama({ ...factors, ropeScaling: { type: 'factors', factors: [1, 2] } }, { random }),
    ).toThrow(/ropeScaling.factors: must be one for each pair/);
  });
});

test('every preset of the manifest is complete', () => {
  const { presets, optionsSchema } = plugin.languageModels.llama;
  for (const preset of Object.values(presets)) expect(optionsSchema.safeParse(preset).success).toBe(true);
  expect(optionsSchema).toBe(llamaOptionsSchema);
});
