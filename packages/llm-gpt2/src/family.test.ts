import { join } from 'node:path';
import type { Tensor2D } from '@eim/contracts/model';
import { startEngine } from '@eim/engine';
import { fixtureTensor, relativeError } from '@eim/nn/testing';
import { ConfigReader } from '@eim/weights';
import { openPublishedWeights } from '@eim/weights/node';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import cases from './__fixtures__/family/cases.json' with { type: 'json' };
import type { Gpt2 } from './gpt2.js';
import { describeGpt2, loadGpt2 } from './load-gpt2.js';
import { readGpt2Config } from './weights/described-options.js';
import { recogniseGpt2 } from './weights/gpt2-naming.js';

const published = await openPublishedWeights(
  join(import.meta.dirname, '__fixtures__/family/untied.safetensors'),
);
const described = (config: Record<string, unknown>) => ({
  ...published,
  config: { model_type: 'gpt2', ...cases.sizes, ...config },
});
const describing = (config: Record<string, unknown>) => () => describeGpt2(described(config));

beforeAll(() => startEngine({ engine: 'wasm' }));
afterAll(() => published.close());

function expectLogits(model: Gpt2, expected: Parameters<typeof fixtureTensor>[0]): void {
  tf.tidy(() => {
    const words = model.embed(tf.tensor2d([cases.ids], undefined, 'int32') as Tensor2D);
    const select = tf.tensor1d([9, 10, 11], 'int32');
    expect(relativeError(model.forward(words, { select }).logits, fixtureTensor(expected))).toBeLessThan(
      1e-5,
    );
  });
  model.dispose();
}

test('a head of its own, and one that is tied although the file has another', async () => {
  expectLogits(await loadGpt2(described({ tie_word_embeddings: false })), cases.untied);
  expectLogits(await loadGpt2(described({})), cases.tied);
  expectLogits(await loadGpt2(described({ reorder_and_upcast_attn: true })), cases.reordered);
});

test.each(cases.activations)('$name, as transformers computes it', async ({ name, logits }) => {
  expectLogits(await loadGpt2(described({ activation_function: name })), logits);
});

test('a missing head is not made up', async () => {
  const without = {
    ...described({ tie_word_embeddings: false }),
    has: (name: string) => name !== 'lm_head.weight' && published.has(name),
    tensorNames: published.tensorNames.filter((name) => name !== 'lm_head.weight'),
  };
  await expect(loadGpt2(without)).rejects.toThrow(/1 missing: lm_head\.weight/);
});

test('every field of transformers’ GPT2Config is known', () => {
  const config = Object.fromEntries(cases.fields.map((field) => [field, null]));
  const reader = new ConfigReader(config, 'all fields');
  readGpt2Config(reader, { ...published, config }, 'transformer.');
  expect(reader.unknown()).toEqual([]);
});

test('general names win over GPT-2’s own', () => {
  expect(describing({ num_attention_heads: 2 })()).toMatchObject({ headCount: 2 });
  const { n_head: _, ...rest } = cases.sizes;
  const config = { model_type: 'gpt2', ...rest, num_attention_heads: 8 };
  expect(describeGpt2({ ...published, config })).toMatchObject({ headCount: 8 });
  expect(describing({ hidden_size: 32 })).toThrow(
    /hidden_size does not agree with the tensors, which have 16/,
  );
});

test.each([
  ['n_layer', 1],
  ['n_layer', '2'],
  ['n_embd', 8],
  ['n_positions', 1024],
  ['n_inner', 64],
  ['n_head', null],
  ['n_head', 2.5],
  ['vocab_size', 25],
  ['activation_function', 'mish'],
  ['activation_function', null],
  ['layer_norm_epsilon', '1e-5'],
  ['layer_norm_epsilon', null],
  ['tie_word_embeddings', 'false'],
  ['scale_attn_weights', false],
  ['scale_attn_by_inverse_layer_idx', true],
  ['add_cross_attention', true],
  ['pruned_heads', { 0: [1] }],
  ['quantization_config', { bits: 4 }],
  ['eos_token_id', '23'],
  ['eos_token_id', []],
  ['bos_token_id', [1]],
  ['pad_token_id', 24],
])('%s of %j is refused by its name', (field, value) => {
  expect(describing({ [field]: value })).toThrow(new RegExp(`\\(config.json\\) cannot be used: .*${field}`));
});

test('what ends an answer is what the description says', () => {
  const stops = (config: Record<string, unknown>, generationConfig?: Record<string, unknown>) =>
    describeGpt2({ ...described(config), ...(generationConfig && { generationConfig }) }).stopTokens;
  const { eos_token_id: _, ...rest } = cases.sizes;
  const silent = { ...published, config: { model_type: 'gpt2', ...rest } };
  expect(describeGpt2(silent).stopTokens).toEqual([50256]); // GPT2Config's, which no id of 24 is
  expect(describeGpt2(silent).specialTokens).toEqual({ end: 50256 });
  expect(stops({})).toEqual([]);
  expect(stops({ eos_token_id: [3, 5] })).toEqual([3, 5]);
  expect(stops({ eos_token_id: -1 })).toEqual([]);
  expect(stops({ eos_token_id: 3 }, {})).toEqual([]);
  expect(stops({ eos_token_id: 3 }, { eos_token_id: null })).toEqual([]);
  expect(stops({ eos_token_id: null }, { eos_token_id: 7 })).toEqual([7]);
});

test('near relatives are not taken for it, and refused by their names', async () => {
  const relative = { ...published, config: { model_type: 'gpt_neo' } };
  expect(recogniseGpt2(relative)).toBe(false);
  await expect(loadGpt2(relative)).rejects.toThrow(/GPT-Neo \("gpt_neo"\).*unlike GPT-2 it has attention/);
  const converted = { ...published, config: { 'general.architecture': 'gpt2' }, tensorNames: [] };
  await expect(loadGpt2(converted)).rejects.toThrow(/GPT-2 in llama.cpp’s layout/);
});
