import type { Tokenizer } from '@eim/contracts';
import { createRandomStream, startEngine } from '@eim/engine';
import { beforeAll, describe, expect, test } from 'vitest';
import { createGpt2 } from './create-gpt2.js';
import { gpt2OptionsSchema, gpt2ParameterCount } from './gpt2-options.js';
import { gpt2Presets } from './gpt2-presets.js';
import plugin from './index.js';

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

test.each([
  ['gpt2', 124.44],
  ['gpt2-medium', 354.82],
  ['gpt2-large', 774.03],
  ['gpt2-xl', 1557.61],
] as const)('%s has %d million parameters', (preset, expected) => {
  const { vocabularySize, ...sizes } = gpt2Presets[preset];
  expect(gpt2ParameterCount({ ...sizes, vocabularySize: vocabularySize! }) / 1e6).toBeCloseTo(expected, 2);
});

describe('createGpt2', () => {
  test('takes vocabulary and special tokens of the tokenizer, and the formula counts what is built', () => {
    const model = createGpt2(gpt2Presets.tiny, { random, tokenizer });
    expect(model.vocabularySize).toBe(50);
    expect(model.specialTokens).toEqual(tokenizer.specialTokens);
    expect(model.tokenizer).toBe(tokenizer);
    const count = model.parameters().reduce((sum, { variable }) => sum + variable.size, 0);
    expect(count).toBe(gpt2ParameterCount({ ...gpt2Presets.tiny, vocabularySize: 50 }));
    expect(Math.max(...model.parameters().map(({ depth }) => depth))).toBe(gpt2Presets.tiny.blockCount + 1);
    expect(model.insertionPoints).toHaveLength(4 * gpt2Presets.tiny.blockCount);
    model.dispose();
  });

  test('counts a head of its own', () => {
    const model = createGpt2({ ...gpt2Presets.tiny, tiedHead: false }, { random, tokenizer });
    const count = model.parameters().reduce((sum, { variable }) => sum + variable.size, 0);
    expect(count).toBe(gpt2ParameterCount({ ...gpt2Presets.tiny, tiedHead: false, vocabularySize: 50 }));
    model.dispose();
  });

  test('refuses what cannot be, all mistakes at once', () => {
    expect(() => createGpt2(gpt2Presets.tiny, { random })).toThrow(/without a tokenizer/);
    expect(() => createGpt2({ ...gpt2Presets.tiny, vocabularySize: 40 }, { random, tokenizer })).toThrow(
      /50 ids; GPT-2 was given a vocabulary of 40/,
    );
    const wrong = { ...gpt2Presets.tiny, headCount: -1, blocks: 2 } as never;
    expect(() => createGpt2(wrong, { random, tokenizer })).toThrow(/headCount: .*blocks/s);
    expect(() => createGpt2({ ...gpt2Presets.tiny, headCount: 5 }, { random, tokenizer })).toThrow(
      /headCount: must divide hiddenSize/,
    );
  });
});

test('every preset of the manifest is complete', () => {
  const { presets, optionsSchema } = plugin.languageModels.gpt2;
  for (const preset of Object.values(presets)) expect(optionsSchema.safeParse(preset).success).toBe(true);
  expect(optionsSchema).toBe(gpt2OptionsSchema);
});
