import type { WeightsDescription } from '@eim/contracts';
import { ConfigReader } from '@eim/weights';
import type { LlamaOptionsInput } from '../../llama-options.js';
import { unevenHeadSize } from '../uneven-head-size.js';
import { REFUSED_KEYS } from './gguf-fields.js';
import { ggufRotaryScaling, withRotaryFactors } from './gguf-rotary-scaling.js';
import { ggufSpecialIds } from './gguf-special-ids.js';

/** Sizes that a file may say for each block. */
const BY_BLOCK = ['attention.head_count', 'attention.head_count_kv', 'feed_forward_length'];

/**
 * Options of the keys of a GGUF file of architecture `llama`.
 * @param factors values of its `rope_freqs.weight`. Absent: it has none
 * @throws EimError `invalid-file` listing what does not fit
 */
export function optionsFromGguf(weights: WeightsDescription, factors?: readonly number[]): LlamaOptionsInput {
  const reader = new ConfigReader(evenBlocks(weights.config), weights.name);
  for (const [key, allowed] of Object.entries(REFUSED_KEYS)) reader.allow(`llama.${key}`, allowed);
  const hiddenSize = reader.count('llama.embedding_length');
  const headCount = reader.count('llama.attention.head_count');
  const contextLength = reader.count('llama.context_length');
  const vocabularySize = weights.info('token_embd.weight').shape[0] ?? 0;
  reader.allow('llama.vocab_size', [vocabularySize]);
  const scaling = ggufRotaryScaling(reader, contextLength);
  const ropeScaling = factors === undefined ? scaling : withRotaryFactors(reader, scaling, factors);
  const options: LlamaOptionsInput = {
    hiddenSize,
    headCount,
    ...ggufHeadSize(reader, hiddenSize, headCount),
    blockCount: reader.count('llama.block_count'),
    keyValueHeadCount: reader.optionalCount('llama.attention.head_count_kv') ?? headCount,
    feedForwardSize: reader.count('llama.feed_forward_length'),
    contextLength,
    vocabularySize,
    ...ggufSpecialIds(reader, weights.config['tokenizer.ggml.model'], vocabularySize),
    queryKeyValueBias: weights.has('blk.0.attn_q.bias'),
    attentionOutputBias: weights.has('blk.0.attn_output.bias'),
    feedForwardBias: weights.has('blk.0.ffn_up.bias'),
    normEpsilon: reader.positive('llama.attention.layer_norm_rms_epsilon'),
    ropeBase: reader.positive('llama.rope.freq_base', 10000),
    tiedHead: !weights.has('output.weight'),
    ...(ropeScaling && { ropeScaling }),
  };
  reader.finish();
  return options;
}

/** Keys, values and what is turned are equally wide, as in llama.cpp. */
function ggufHeadSize(reader: ConfigReader, hiddenSize: number, headCount: number): { headSize?: number } {
  const even = hiddenSize / headCount;
  const headSize = reader.optionalCount('llama.attention.key_length') ?? even;
  const valueSize = reader.optionalCount('llama.attention.value_length') ?? even;
  if (valueSize !== headSize)
    reader.fault(
      `llama.attention.value_length is ${valueSize}; only that of the keys, ${headSize}, is supported`,
    );
  reader.allow('llama.rope.dimension_count', [headSize]);
  return unevenHeadSize(headSize, hiddenSize, headCount);
}

/**
 * The description with one number in place of a list that says the same for every block. Its values stay unread: a vocabulary is
 * decoded where it is asked for.
 */
function evenBlocks(config: WeightsDescription['config']): WeightsDescription['config'] {
  const even = BY_BLOCK.map((key) => `llama.${key}`).flatMap((key) => {
    const value = config[key];
    const list =
      Array.isArray(value) || ArrayBuffer.isView(value) ? Array.from(value as ArrayLike<unknown>) : [];
    const isEven = list.length > 0 && list.every((one) => one === list[0]);
    return isEven ? [[key, { value: list[0], enumerable: true }]] : [];
  });
  return Object.defineProperties(
    {},
    { ...Object.getOwnPropertyDescriptors(config), ...Object.fromEntries(even) },
  );
}
