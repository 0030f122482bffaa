import type { WeightsDescription } from '@eim/contracts';
import { huggingFaceActivations } from '@eim/nn';
import { ConfigReader, huggingFaceSpecialIds } from '@eim/weights';
import type { LlamaOptionsInput } from '../../llama-options.js';
import { unevenHeadSize } from '../uneven-head-size.js';
import { IGNORED_FIELDS, REFUSED_FIELDS } from './llama-config-fields.js';
import { rotarySettings } from './rotary-settings.js';

/** Options of a `config.json` of model type `llama`. @throws EimError `invalid-file` listing what does not fit */
export function optionsFromHuggingFace(weights: WeightsDescription): LlamaOptionsInput {
  const reader = new ConfigReader(weights.config, `${weights.name} (config.json)`);
  const options = readLlamaConfig(reader, weights);
  reader.finish();
  return options;
}

/** All fields that are known, read or refused; what is left is {@link ConfigReader.unknown}. */
export function readLlamaConfig(reader: ConfigReader, weights: WeightsDescription): LlamaOptionsInput {
  reader.refuse(REFUSED_FIELDS);
  reader.ignore(IGNORED_FIELDS);
  // a window that is switched off, as in configs that were other families' once
  if (reader.flag('use_sliding_window', true)) reader.refuse({ sliding_window: [] });
  refuseOtherLayers(reader, weights.config.layer_types);
  const hiddenSize = reader.count('hidden_size');
  const headCount = reader.count('num_attention_heads');
  const vocabularySize = reader.count('vocab_size');
  const attentionBias = reader.flag('attention_bias', false);
  return {
    hiddenSize,
    headCount,
    ...unevenHeadSize(reader.optionalCount('head_dim'), hiddenSize, headCount),
    blockCount: reader.count('num_hidden_layers'),
    keyValueHeadCount: reader.optionalCount('num_key_value_heads') ?? headCount,
    feedForwardSize: reader.count('intermediate_size'),
    vocabularySize,
    ...huggingFaceSpecialIds(reader, weights, { begin: 1, end: 2, vocabularySize }),
    activation: reader.choice('hidden_act', huggingFaceActivations, 'silu'),
    queryKeyValueBias: attentionBias,
    attentionOutputBias: attentionBias,
    feedForwardBias: reader.flag('mlp_bias', false),
    normEpsilon: reader.positive('rms_norm_eps', 1e-6),
    tiedHead: reader.flag('tie_word_embeddings', false),
    ...rotarySettings(reader),
  };
}

/** Each block attends to everything before it. */
function refuseOtherLayers(reader: ConfigReader, types: unknown): void {
  reader.ignore(['layer_types']);
  if (types === undefined || types === null) return;
  const full = Array.isArray(types) && types.every((type) => type === 'full_attention');
  if (!full) reader.fault(`layer_types is ${JSON.stringify(types)}; only full_attention is supported`);
}
