import { ConfigReader } from '@eim/weights';
import { describe, expect, test } from 'vitest';
import cases from '../../__fixtures__/family/cases.json' with { type: 'json' };
import { describedWeights } from '../../testing/described-weights.js';
import { optionsFromHuggingFace, readLlamaConfig } from './options-from-hugging-face.js';

const SIZES = {
  model_type: 'llama',
  hidden_size: 32,
  num_attention_heads: 4,
  num_hidden_layers: 2,
  intermediate_size: 48,
  vocab_size: 64,
  max_position_embeddings: 128,
};
const LLAMA3 = {
  rope_type: 'llama3',
  factor: 8,
  low_freq_factor: 1,
  high_freq_factor: 4,
  original_max_position_embeddings: 32,
};

const options = (config: Record<string, unknown>, generationConfig?: Record<string, unknown>) =>
  optionsFromHuggingFace(describedWeights({ ...SIZES, ...config }, {}, generationConfig));
const ropeOf = (config: Record<string, unknown>) => {
  const { ropeBase, ropeScaling, contextLength } = options(config);
  return { ropeBase, ropeScaling, contextLength };
};

test('every field of transformers’ LlamaConfig is known, of version 4 and 5', () => {
  const fields = [...cases.fields, 'rope_parameters'];
  const config = Object.fromEntries(fields.map((field) => [field, null]));
  const reader = new ConfigReader(config, 'all fields');
  readLlamaConfig(reader, describedWeights(config));
  expect(reader.unknown()).toEqual([]);
});

test('what transformers takes where fields are absent', () => {
  expect(options({})).toMatchObject({
    keyValueHeadCount: 4,
    activation: 'silu',
    normEpsilon: 1e-6,
    ropeBase: 10000,
    tiedHead: false,
    queryKeyValueBias: false,
    feedForwardBias: false,
    specialTokens: { begin: 1, end: 2 },
    stopTokens: [2],
  });
  expect(options({ head_dim: 8 })).not.toHaveProperty('headSize');
  expect(options({ head_dim: 12 })).toHaveProperty('headSize', 12);
});

describe('the rotary base', () => {
  const kinds = [
    {},
    { rope_type: 'default' },
    { rope_type: 'linear', factor: 2 },
    { type: 'linear', factor: 2 },
    { rope_type: 'dynamic', factor: 2 },
    { rope_type: 'yarn', factor: 2 },
    LLAMA3,
  ];
  test.each(kinds)('with %j', (kind) => {
    for (const section of ['rope_scaling', 'rope_parameters']) {
      expect(ropeOf({ rope_theta: 500, [section]: kind }).ropeBase).toBe(500);
      expect(ropeOf({ [section]: { ...kind, rope_theta: 700 } }).ropeBase).toBe(700);
      expect(ropeOf({ rope_theta: 500, [section]: { ...kind, rope_theta: 700 } }).ropeBase).toBe(700);
      expect(ropeOf({ rope_theta: '500', [section]: { ...kind, rope_theta: 700 } }).ropeBase).toBe(700);
      for (const wrong of ['700', null, true, 0, -1, [700]]) {
        const inside = { rope_theta: 500, [section]: { ...kind, rope_theta: wrong } };
        expect(() => options(inside)).toThrow(new RegExp(`${section}\\.rope_theta is `));
        expect(() => options({ rope_theta: wrong, [section]: kind })).toThrow(/[ ;]rope_theta is /);
      }
    }
  });

  test('of two sections rope_scaling counts, unless it is empty', () => {
    const second = { rope_parameters: { rope_type: 'linear', factor: 2, rope_theta: 700 } };
    const first = ropeOf({ rope_scaling: { rope_type: 'linear', factor: 4 }, ...second });
    expect(first).toMatchObject({ ropeBase: 10000, ropeScaling: { type: 'linear', factor: 4 } });
    for (const nothing of [null, {}]) {
      const other = ropeOf({ rope_scaling: nothing, ...second });
      expect(other).toMatchObject({ ropeBase: 700, ropeScaling: { type: 'linear', factor: 2 } });
    }
  });
});

describe('rotary scaling', () => {
  test('the newer name of its kind counts', () => {
    const both = { rope_scaling: { type: 'linear', rope_type: 'default', factor: 2 } };
    expect(ropeOf(both).ropeScaling).toBeUndefined();
  });

  test('the original context: on top, inside, or the whole', () => {
    const yarn = { rope_type: 'yarn', factor: 2 };
    const original = (config: Record<string, unknown>) => ropeOf(config).ropeScaling;
    expect(original({ rope_scaling: yarn })).toMatchObject({ originalContextLength: 128 });
    const inside = { ...yarn, original_max_position_embeddings: 16 };
    expect(original({ rope_scaling: inside })).toMatchObject({ originalContextLength: 16 });
    const onTop = { original_max_position_embeddings: 8 };
    expect(original({ ...onTop, rope_scaling: inside })).toMatchObject({ originalContextLength: 8 });
    expect(original({ ...onTop, rope_scaling: LLAMA3 })).toMatchObject({ originalContextLength: 8 });
    const dynamic = { rope_type: 'dynamic', factor: 2, original_max_position_embeddings: 16 };
    expect(original({ rope_scaling: dynamic })).toMatchObject({ originalContextLength: 128 });
  });

  test('YaRN’s factor may follow from the contexts', () => {
    const yarn = { rope_type: 'yarn', factor: null, original_max_position_embeddings: 32 };
    expect(ropeOf({ rope_scaling: yarn }).ropeScaling).toMatchObject({ factor: 4 });
  });

  test('a context that was not raised is that many times the original one', () => {
    expect(ropeOf({ rope_scaling: { type: 'dynamic', factor: 2 } }).contextLength).toBe(256);
    expect(ropeOf({ rope_scaling: { type: 'yarn', factor: 4 } }).contextLength).toBe(512);
    const raised = { type: 'yarn', factor: 4, original_max_position_embeddings: 32 };
    expect(ropeOf({ rope_scaling: raised }).contextLength).toBe(128);
    expect(ropeOf({ rope_scaling: LLAMA3 }).contextLength).toBe(128);
  });

  test.each([
    [{ factor: 2 }, 'rope_type is missing'],
    [{ rope_type: null, factor: 2 }, 'rope_type is null'],
    [{ rope_type: 'longrope', factor: 2, short_factor: [1], long_factor: [2] }, 'rope_type is "longrope"'],
    [{ type: 'su', factor: 2 }, 'type is "su"'],
    [{ rope_type: 'linear' }, 'factor is missing'],
    [{ rope_type: 'linear', factor: '2' }, 'factor is "2"'],
    [{ rope_type: 'linear', factor: null }, 'factor is null'],
    [{ rope_type: 'dynamic', factor: 0 }, 'factor is 0'],
    [{ rope_type: 'yarn' }, 'factor is missing'],
    [{ rope_type: 'yarn', factor: 2, beta_fast: '32' }, 'beta_fast is "32"'],
    [{ rope_type: 'yarn', factor: 2, mscale: true }, 'mscale is true'],
    [{ rope_type: 'yarn', factor: 2, truncate: 1 }, 'truncate is 1'],
    [{ rope_type: 'yarn', factor: 2, attention_factor: -1 }, 'attention_factor is -1'],
    [{ ...LLAMA3, low_freq_factor: undefined }, 'low_freq_factor is missing'],
    [{ ...LLAMA3, high_freq_factor: '4' }, 'high_freq_factor is "4"'],
    [{ rope_type: 'default', partial_rotary_factor: 0.5 }, 'partial_rotary_factor is 0.5'],
    [{ rope_type: 'linear', factor: 2, mrope_section: [1, 2] }, 'mrope_section is not known'],
    [{ full_attention: { rope_type: 'default' } }, 'full_attention is not known'],
  ])('%j is refused: %s', (scaling, reason) => {
    const at = (section: string) => () => options({ [section]: scaling });
    expect(at('rope_scaling')).toThrow(`rope_scaling.${reason}`);
    expect(at('rope_parameters')).toThrow(`rope_parameters.${reason}`);
  });
});

describe('special ids', () => {
  const ids = (config: Record<string, unknown>, generation?: Record<string, unknown>) => {
    const { specialTokens, stopTokens } = options(config, generation);
    return { ...specialTokens, stops: stopTokens };
  };

  test('in config.json alone', () => {
    expect(ids({ eos_token_id: 5 })).toEqual({ begin: 1, end: 5, stops: [5] });
    expect(ids({ eos_token_id: [5, 9] })).toEqual({ begin: 1, end: 5, stops: [5, 9] });
    expect(ids({ eos_token_id: null })).toEqual({ begin: 1, stops: [] });
    expect(ids({ eos_token_id: -1 })).toEqual({ begin: 1, stops: [] });
    expect(ids({ bos_token_id: null, pad_token_id: 0 })).toEqual({ end: 2, pad: 0, stops: [2] });
    expect(ids({ bos_token_id: 7, pad_token_id: -1 })).toEqual({ begin: 7, end: 2, stops: [2] });
  });

  test('generation_config.json alone says what ends an answer, where it is there', () => {
    expect(ids({ eos_token_id: 5 }, { eos_token_id: [6, 7] })).toMatchObject({ end: 6, stops: [6, 7] });
    expect(ids({ eos_token_id: null }, { eos_token_id: 6 })).toMatchObject({ end: 6, stops: [6] });
    expect(ids({ eos_token_id: 5 }, { eos_token_id: null })).toMatchObject({ end: 5, stops: [] });
    expect(ids({ eos_token_id: 5 }, { bos_token_id: 1 })).toMatchObject({ end: 5, stops: [] });
    expect(ids({ eos_token_id: 5 }, { eos_token_id: 5, pad_token_id: 3 })).toMatchObject({ pad: 3 });
  });

  test.each(['5', [], ['5'], [null, 5], true, 2.5, { id: 5 }, [[5]]])('eos_token_id %j is no id', (wrong) => {
    expect(() => ids({ eos_token_id: wrong })).toThrow(/config\.json\).*eos_token_id is /);
    expect(() => ids({}, { eos_token_id: wrong })).toThrow(/generation_config\.json\).*eos_token_id is /);
  });

  test.each(['bos_token_id', 'pad_token_id'])('%s is one id', (field) => {
    for (const wrong of ['1', [1], true, 0.5]) expect(() => ids({ [field]: wrong })).toThrow(`${field} is `);
    expect(() => ids({ pad_token_id: 64 })).toThrow(/pad_token_id is 64, beyond the vocabulary of 64/);
  });
});

test.each([
  ['hidden_size', '32'],
  ['hidden_size', null],
  ['num_attention_heads', 4.5],
  ['num_key_value_heads', '2'],
  ['num_hidden_layers', 0],
  ['intermediate_size', -48],
  ['head_dim', 0],
  ['max_position_embeddings', null],
  ['rms_norm_eps', '1e-5'],
  ['rms_norm_eps', null],
  ['hidden_act', 'mish'],
  ['hidden_act', null],
  ['attention_bias', 'true'],
  ['attention_bias', null],
  ['mlp_bias', 1],
  ['tie_word_embeddings', 'false'],
  ['partial_rotary_factor', 0.5],
  ['sliding_window', 4096],
  ['layer_types', ['full_attention', 'sliding_attention']],
  ['quantization_config', { quant_method: 'gptq' }],
  ['pruned_heads', { 0: [1] }],
  ['num_local_experts', 8],
  ['attn_logit_softcapping', 50],
  ['logits_scaling', 8],
  ['embedding_multiplier', 12],
  ['residual_multiplier', 0.22],
  ['attention_multiplier', 0.01],
])('%s of %j is refused by its name', (field, value) => {
  expect(() => options({ [field]: value })).toThrow(new RegExp(`cannot be used: .*${field}`));
});

test('what changes nothing is passed over', () => {
  const harmless = {
    pretraining_tp: 2,
    pruned_heads: {},
    sliding_window: 4096,
    use_sliding_window: false,
    layer_types: ['full_attention', 'full_attention'],
    quantization_config: null,
    attention_dropout: 0.1,
    num_local_experts: 0,
    note: 'of whoever trained it',
  };
  expect(options(harmless)).toEqual(options({}));
});
