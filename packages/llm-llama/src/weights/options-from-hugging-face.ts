import type { WeightsDescription } from '@eim/contracts';
import { ConfigReader } from '@eim/weights';
import type { LlamaOptionsInput } from '../llama-options.js';

/** Options of a `config.json` of model type `llama`. @throws EimError `invalid-file` listing what does not fit */
export function optionsFromHuggingFace({
  name,
  config,
  generationConfig = {},
}: WeightsDescription): LlamaOptionsInput {
  const reader = new ConfigReader(config, `${name} (config.json)`);
  reader.allow('hidden_act', ['silu']);
  reader.allow('attention_bias', [false]);
  reader.allow('mlp_bias', [false]);
  const hiddenSize = reader.number('hidden_size');
  const headCount = reader.number('num_attention_heads');
  reader.allow('head_dim', [hiddenSize / headCount]);
  const [end = 2, ...others] = new ConfigReader(
    'eos_token_id' in generationConfig ? generationConfig : config,
    name,
  ).ids('eos_token_id');
  const [begin] = reader.ids('bos_token_id');
  const [pad = end] = reader.ids('pad_token_id');
  const options: LlamaOptionsInput = {
    hiddenSize,
    headCount,
    blockCount: reader.number('num_hidden_layers'),
    keyValueHeadCount: reader.optionalNumber('num_key_value_heads') ?? headCount,
    feedForwardSize: reader.number('intermediate_size'),
    contextLength: reader.optionalNumber('max_position_embeddings') ?? 2048,
    vocabularySize: reader.number('vocab_size'),
    specialTokens: begin === undefined ? { end, pad } : { begin, end, pad },
    stopTokens: [end, ...others],
    normEpsilon: reader.optionalNumber('rms_norm_eps') ?? 1e-6,
    ropeBase: ropeField(config, 'rope_theta') ?? 10000,
    tiedHead: config.tie_word_embeddings === true,
    ...ropeScaling(config, reader),
  };
  reader.finish();
  return options;
}

/** transformers 5 keeps all rotary settings under `rope_parameters`, earlier ones beside and in `rope_scaling`. */
function ropeField(config: WeightsDescription['config'], field: string): number | undefined {
  const nested = config.rope_parameters as Record<string, unknown> | undefined;
  const value = config[field] ?? nested?.[field];
  return typeof value === 'number' ? value : undefined;
}

function ropeScaling(
  config: WeightsDescription['config'],
  reader: ConfigReader,
): Pick<LlamaOptionsInput, 'ropeScaling'> {
  const scaling = (config.rope_scaling ?? config.rope_parameters) as
    | Record<string, unknown>
    | null
    | undefined;
  if (scaling === undefined || scaling === null) return {};
  const type = scaling.rope_type ?? scaling.type ?? 'default';
  const fields = new ConfigReader(scaling, `rope_scaling of ${JSON.stringify(type)}`);
  let result: Pick<LlamaOptionsInput, 'ropeScaling'> = {};
  if (type === 'linear') result = { ropeScaling: { type, factor: fields.number('factor') } };
  else if (type === 'llama3') {
    result = {
      ropeScaling: {
        type,
        factor: fields.number('factor'),
        lowFrequencyFactor: fields.number('low_freq_factor'),
        highFrequencyFactor: fields.number('high_freq_factor'),
        originalContextLength: fields.number('original_max_position_embeddings'),
      },
    };
  } else if (type !== 'default') {
    reader.fault(`rope_scaling of type ${JSON.stringify(type)} is not one of default, linear and llama3`);
  }
  fields.finish();
  return result;
}
