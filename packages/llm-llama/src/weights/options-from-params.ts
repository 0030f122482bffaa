import type { WeightsDescription } from '@eim/contracts';
import { ConfigReader } from '@eim/weights';
import type { LlamaOptionsInput } from '../llama-options.js';
import type { LlamaLayout } from './llama-layout.js';
import { unevenHeadSize } from './uneven-head-size.js';

/** The first id of LLaMA 3's special tokens; its ordinary ids come before. */
const LLAMA3_BEGIN = 128000;

/** What changes the numbers and stands in the descriptions of later models of the same layout. */
const REFUSED_FIELDS: Readonly<Record<string, readonly unknown[]>> = {
  sliding_window: [],
  moe: [],
  moe_args: [],
  lora_args: [],
  lora: [],
  quantization: [],
  quantization_args: [],
  qk_norm: [false],
  use_qk_norm: [false],
  nope_layer_interval: [],
  attention_chunk_size: [],
  attn_temperature_tuning: [false],
  attn_scale: [],
  yarn: [],
  vision_chunk_size: [-1],
  vision_encoder: [],
};

/**
 * Options of Meta's `params.json`, also of Mistral's that say no more, and of llama2.c's header, which says the same. Sizes
 * that it leaves out are those of the tensors; the context, which it never says, is the release's, told by the other settings.
 * @throws EimError `invalid-file` listing what does not fit
 */
export function optionsFromParams(weights: WeightsDescription, layout: LlamaLayout): LlamaOptionsInput {
  const { name, config } = weights;
  const reader = new ConfigReader(config, `${name} (params.json)`);
  const rows = (tensor: string): number =>
    weights.has(layout.shards[0] + tensor) ? (weights.info(layout.shards[0] + tensor).shape[0] ?? 0) : 0;
  const count = layout.shards.length;
  reader.refuse(REFUSED_FIELDS);
  const hiddenSize = reader.count('dim');
  const headCount = reader.count('n_heads');
  const vocabularySize = rows('tok_embeddings.weight') * (layout.tableSplit === 'rows' ? count : 1);
  const said = reader.optionalNumber('vocab_size') ?? -1; // -1 in LLaMA 1 and 2: the tokenizer's
  if (said > 0) reader.allow('vocab_size', [vocabularySize]);
  const third = vocabularySize > LLAMA3_BEGIN;
  const normEpsilon = reader.positive('norm_eps', 1e-5);
  const scaled = reader.flag('use_scaled_rope', false);
  const release = scaled ? 131072 : third ? 8192 : normEpsilon < 1e-5 ? 2048 : 4096;
  const ended = third
    ? {
        specialTokens: { begin: LLAMA3_BEGIN, end: 128001, pad: 128001 },
        stopTokens: [128001, 128008, 128009],
      }
    : { specialTokens: { begin: 1, end: 2, pad: 2 }, ...stopTokensOf(config) };
  const options: LlamaOptionsInput = {
    hiddenSize,
    headCount,
    ...unevenHeadSize(reader.optionalCount('head_dim'), hiddenSize, headCount),
    blockCount: reader.count('n_layers'),
    keyValueHeadCount: reader.optionalCount('n_kv_heads') ?? headCount,
    feedForwardSize: reader.optionalCount('hidden_dim') ?? rows('layers.0.feed_forward.w1.weight') * count,
    contextLength: reader.optionalCount('max_seq_len') ?? release,
    vocabularySize,
    ...ended,
    normEpsilon,
    ropeBase: reader.positive('rope_theta', 10000),
    tiedHead: !weights.has(`${layout.shards[0]}output.weight`),
    ...(scaled && {
      ropeScaling: {
        type: 'llama3',
        factor: reader.positive('rope_scaling_factor', 8),
        lowFrequencyFactor: 1,
        highFrequencyFactor: reader.positive('rope_high_freq_factor', 4),
        originalContextLength: 8192,
      },
    }),
  };
  reader.finish();
  return options;
}

/** llama2.c's own loop also ends at the begin token, which opens the next story (run.c, `generate`). */
const stopTokensOf = (config: WeightsDescription['config']): { stopTokens?: number[] } =>
  'max_seq_len' in config ? { stopTokens: [2, 1] } : {};
