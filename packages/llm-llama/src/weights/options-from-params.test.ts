import { expect, test } from 'vitest';
import { describedWeights } from '../testing/described-weights.js';
import { findLlamaLayout } from './llama-layout.js';
import { optionsFromParams } from './options-from-params.js';

const SIZES = { dim: 32, n_layers: 2, n_heads: 4, vocab_size: -1, multiple_of: 16 };
const TENSORS = {
  'tok_embeddings.weight': [64, 32],
  'norm.weight': [32],
  'output.weight': [64, 32],
  'layers.0.feed_forward.w1.weight': [48, 32],
};

function options(config: Record<string, unknown>) {
  const weights = describedWeights({ ...SIZES, ...config }, TENSORS);
  return optionsFromParams(weights, findLlamaLayout(weights)!);
}

test('what params.json says, and what it leaves to the tensors', () => {
  expect(options({})).toMatchObject({ feedForwardSize: 48, vocabularySize: 64, ropeBase: 10000 });
  expect(options({ rope_theta: 1e6, n_kv_heads: 2, norm_eps: 1e-6, vocab_size: 64 })).toMatchObject({
    ropeBase: 1e6,
    keyValueHeadCount: 2,
    normEpsilon: 1e-6,
  });
  expect(options({ head_dim: 12 })).toHaveProperty('headSize', 12);
  const scaled = { use_scaled_rope: true, rope_scaling_factor: 32, rope_high_freq_factor: 2 };
  expect(options(scaled).ropeScaling).toMatchObject({ type: 'llama3', factor: 32, highFrequencyFactor: 2 });
});

test.each([
  ['dim', '32'],
  ['n_heads', null],
  ['n_kv_heads', 1.5],
  ['rope_theta', '10000'],
  ['rope_theta', null],
  ['norm_eps', '1e-5'],
  ['use_scaled_rope', 'yes'],
  ['vocab_size', 65],
  ['sliding_window', 4096],
  ['moe', { num_experts: 8 }],
  ['quantization_args', { scheme: 'int4' }],
  ['lora_args', { rank: 16 }],
  ['use_qk_norm', true],
])('%s of %j is refused by its name', (field, value) => {
  expect(() => options({ [field]: value })).toThrow(new RegExp(`params.json\\) cannot be used: .*${field}`));
});
