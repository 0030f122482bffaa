import type { WeightsDescription } from '@eim/contracts';
import { ConfigReader } from '@eim/weights';
import type { Gpt2OptionsInput } from '../gpt2-options.js';

/** Width of a head in every published size. */
const HEAD_SIZE = 64;

/** Heads where a `config.json` leaves them out (transformers, `GPT2Config`). */
const DEFAULT_HEADS = 12;

/** Activations by transformers' names. */
const ACTIVATIONS: Readonly<Record<string, NonNullable<Gpt2OptionsInput['activation']>>> = {
  gelu_new: 'gelu',
  gelu_pytorch_tanh: 'gelu',
  gelu_fast: 'gelu',
  gelu: 'exact-gelu',
  relu: 'relu',
  silu: 'silu',
  swish: 'silu',
  tanh: 'tanh',
};

/**
 * Options of published GPT-2 weights: sizes from the tensors, the rest from `config.json` where there is one.
 * @throws EimError `invalid-file` listing what this package does not compute
 */
export function describedOptions(weights: WeightsDescription, prefix: string): Gpt2OptionsInput {
  const { name, config, generationConfig = {} } = weights;
  const shape = (tensor: string): readonly number[] =>
    weights.has(prefix + tensor) ? weights.info(prefix + tensor).shape : [];
  const reader = new ConfigReader(config, `${name} (config.json)`);
  reader.allow('activation_function', Object.keys(ACTIVATIONS));
  reader.allow('scale_attn_weights', [true]);
  reader.allow('scale_attn_by_inverse_layer_idx', [false]);
  reader.allow('tie_word_embeddings', [true]);
  reader.allow('add_cross_attention', [false]);
  const [vocabularySize = 0, hiddenSize = 0] = shape('wte.weight');
  const ends = 'eos_token_id' in generationConfig ? generationConfig : config;
  const [end = vocabularySize - 1, ...others] = new ConfigReader(ends, name).ids('eos_token_id');
  const options: Gpt2OptionsInput = {
    hiddenSize,
    blockCount: weights.tensorNames.filter((tensor) => /(^|\.)h\.\d+\.ln_1\.weight$/.test(tensor)).length,
    // a lone file of tensors describes nothing; a description that leaves the heads out means the library's own
    headCount:
      reader.optionalNumber('n_head') ?? ('model_type' in config ? DEFAULT_HEADS : hiddenSize / HEAD_SIZE),
    activation: ACTIVATIONS[String(config.activation_function)] ?? 'gelu',
    feedForwardSize: shape('h.0.mlp.c_fc.weight')[1] ?? 4 * hiddenSize,
    contextLength: shape('wpe.weight')[0] ?? 1024,
    vocabularySize,
    specialTokens: { end, pad: end },
    stopTokens: [end, ...others],
    normEpsilon: reader.optionalNumber('layer_norm_epsilon') ?? 1e-5,
  };
  reader.finish();
  return options;
}
