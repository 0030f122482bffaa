import { describe, expect, test } from 'vitest';
import { describedWeights } from '../../testing/described-weights.js';
import { optionsFromGguf } from './options-from-gguf.js';

const SIZES = {
  'general.architecture': 'llama',
  'llama.embedding_length': 32,
  'llama.attention.head_count': 4,
  'llama.block_count': 2,
  'llama.feed_forward_length': 48,
  'llama.context_length': 128,
  'llama.attention.layer_norm_rms_epsilon': 1e-5,
};
const TENSORS = { 'token_embd.weight': [64, 32], 'output.weight': [64, 32] };

const options = (
  config: Record<string, unknown>,
  tensors: Record<string, number[]> = {},
  factors?: number[],
) => optionsFromGguf(describedWeights({ ...SIZES, ...config }, { ...TENSORS, ...tensors }), factors);
const scaling = (config: Record<string, unknown>, factors?: number[]) =>
  options(
    Object.fromEntries(Object.entries(config).map(([key, value]) => [`llama.rope.${key}`, value])),
    {},
    factors,
  ).ropeScaling;

test('what llama.cpp takes where keys are absent', () => {
  expect(options({})).toMatchObject({ keyValueHeadCount: 4, ropeBase: 10000, tiedHead: false });
  expect(optionsFromGguf(describedWeights(SIZES, { 'token_embd.weight': [64, 32] })).tiedHead).toBe(true);
  expect(scaling({})).toBeUndefined();
  const biases = options({}, { 'blk.0.attn_q.bias': [32], 'blk.0.ffn_up.bias': [48] });
  expect(biases).toMatchObject({
    queryKeyValueBias: true,
    attentionOutputBias: false,
    feedForwardBias: true,
  });
});

describe('rotary scaling', () => {
  test('linear by any of its keys, the newer first', () => {
    expect(scaling({ scale_linear: 4 })).toEqual({ type: 'linear', factor: 4 });
    expect(scaling({ 'scaling.factor': 4 })).toEqual({ type: 'linear', factor: 4 });
    expect(scaling({ 'scaling.factor': 4, scale_linear: 2 })).toEqual({ type: 'linear', factor: 4 });
    expect(scaling({ 'scaling.type': 'linear', scale_linear: 2 })).toEqual({ type: 'linear', factor: 2 });
    expect(scaling({ 'scaling.type': 'linear' })).toBeUndefined();
    expect(scaling({ 'scaling.factor': 0, scale_linear: 2 })).toBeUndefined();
    expect(scaling({ 'scaling.type': 'none', 'scaling.factor': 4, scale_linear: 2 })).toBeUndefined();
  });

  test('YaRN, its attention factor multiplied', () => {
    const yarn = { 'scaling.type': 'yarn', 'scaling.factor': 4 };
    const usual = 0.1 * Math.log(4) + 1;
    const kind = { type: 'yarn', factor: 4 };
    expect(scaling(yarn)).toEqual({ ...kind, originalContextLength: 128, attentionFactor: usual });
    const more = { 'scaling.original_context_length': 32, 'scaling.attn_factor': 0.5 };
    expect(scaling({ ...yarn, ...more })).toEqual({
      ...kind,
      originalContextLength: 32,
      attentionFactor: 0.5 * usual,
    });
    for (const [key, wrong] of Object.entries({
      ext_factor: 0,
      attn_factor: 2,
      beta_fast: 8,
      beta_slow: 2,
    })) {
      const said = { ...yarn, [`scaling.yarn_${key}`]: wrong };
      expect(() => scaling(said)).toThrow(`llama.rope.scaling.yarn_${key} is ${wrong}`);
    }
  });

  test('a tensor of factors, alone and before a linear factor', () => {
    expect(scaling({}, [1, 2, 4, 8])).toEqual({ type: 'factors', factors: [1, 2, 4, 8] });
    expect(scaling({ 'scaling.type': 'none' }, [1, 2, 4, 8])).toEqual({
      type: 'factors',
      factors: [1, 2, 4, 8],
    });
    expect(scaling({ scale_linear: 2 }, [1, 2, 4, 8])).toEqual({ type: 'factors', factors: [2, 4, 8, 16] });
    expect(() => scaling({ 'scaling.type': 'yarn', 'scaling.factor': 2 }, [1, 2, 4, 8])).toThrow(
      /rope_freqs\.weight/,
    );
  });

  test.each([
    ['scaling.type', 'longrope'],
    ['scaling.type', 'dynamic'],
    ['scaling.factor', '4'],
    ['scaling.factor', -4],
    ['scale_linear', '4'],
    ['scaling.attn_factor', 1.2],
    ['scaling.alpha', 1000],
    ['freq_base', '10000'],
    ['freq_base', 0],
    ['dimension_count', 4],
    ['dimension_sections', new Int32Array([1, 2])],
    ['freq_base_swa', 10000],
  ])('rope.%s of %j is refused by its name', (key, value) => {
    expect(() => scaling({ [key]: value })).toThrow(`llama.rope.${key} is `);
  });
});

test('widths of the heads', () => {
  const heads = (key: number, value: number, turned = key) =>
    options({
      'llama.attention.key_length': key,
      'llama.attention.value_length': value,
      'llama.rope.dimension_count': turned,
    });
  expect(heads(8, 8)).not.toHaveProperty('headSize');
  expect(heads(12, 12)).toHaveProperty('headSize', 12);
  expect(() => heads(12, 8)).toThrow(/attention\.value_length is 8/);
  expect(() => options({ 'llama.attention.key_length': 12 })).toThrow(/attention\.value_length is 8/);
  expect(() => heads(12, 12, 8)).toThrow(/rope\.dimension_count is 8/);
});

test('sizes of each block, as long as they are equal', () => {
  const equal = { 'llama.attention.head_count_kv': new Int32Array([2, 2]) };
  expect(options(equal)).toHaveProperty('keyValueHeadCount', 2);
  for (const key of ['attention.head_count', 'attention.head_count_kv', 'feed_forward_length']) {
    expect(() => options({ [`llama.${key}`]: new Int32Array([2, 4]) })).toThrow(`llama.${key} is `);
  }
});

test.each([
  ['expert_count', 8],
  ['attention.sliding_window', 4096],
  ['attention.scale', 0.1],
  ['attention.clamp_kqv', 8],
  ['attention.max_alibi_bias', 8],
  ['attention.causal', false],
  ['logit_scale', 0.5],
  ['embedding_scale', 12],
  ['residual_scale', 0.22],
  ['attn_logit_softcapping', 50],
  ['final_logit_softcapping', 30],
  ['use_parallel_residual', true],
  ['nextn_predict_layers', 1],
  ['vocab_size', 65],
  ['embedding_length', '32'],
  ['attention.layer_norm_rms_epsilon', undefined],
])('llama.%s of %j is refused by its name', (key, value) => {
  expect(() => options({ [`llama.${key}`]: value })).toThrow(`llama.${key} is `);
});

test('what is switched off or changes nothing is passed over', () => {
  const harmless = {
    'llama.expert_count': 0,
    'llama.attention.sliding_window': 0,
    'llama.logit_scale': 1,
    'llama.vocab_size': 64,
    'llama.rope.dimension_count': 8,
    'llama.rope.scaling.finetuned': true,
    'llama.tensor_data_layout': 'Meta AI original pth',
  };
  expect(options(harmless)).toEqual(options({}));
});

test('special ids', () => {
  const ids = (config: Record<string, unknown>) => {
    const said = Object.entries(config).map(([key, value]) => [`tokenizer.ggml.${key}`, value]);
    const { specialTokens, stopTokens } = options(Object.fromEntries(said));
    return { ...specialTokens, stops: stopTokens };
  };
  expect(ids({})).toEqual({ stops: [] });
  expect(ids({ model: 'llama' })).toEqual({ begin: 1, end: 2, stops: [2] });
  expect(ids({ model: 'gpt2' })).toEqual({ end: 11, stops: [11] });
  expect(ids({ model: 'gpt2', bos_token_id: 1, eos_token_id: 5, padding_token_id: 6 })).toEqual({
    begin: 1,
    end: 5,
    pad: 6,
    stops: [5],
  });
  expect(ids({ eos_token_id: 5, eot_token_id: 9, eom_token_id: 5 })).toEqual({ end: 5, stops: [5, 9] });
  expect(ids({ model: 'llama', eos_token_id: 2 ** 32 - 1 })).toMatchObject({ end: 2, stops: [2] });
  expect(() => ids({ eos_token_id: '5' })).toThrow(/tokenizer\.ggml\.eos_token_id is "5", not an id/);
});

test('lists of a vocabulary are not decoded for it', () => {
  const described = describedWeights({ ...SIZES, 'llama.attention.head_count_kv': [2, 2] }, TENSORS);
  const unread = Object.defineProperty({ ...described.config }, 'tokenizer.ggml.tokens', {
    enumerable: true,
    get() {
      throw new Error('decoded');
    },
  });
  expect(optionsFromGguf({ ...described, config: unread }).keyValueHeadCount).toBe(2);
});
