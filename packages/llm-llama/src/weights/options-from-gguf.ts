import type { WeightsDescription } from '@eim/contracts';
import { ConfigReader } from '@eim/weights';
import type { LlamaOptionsInput } from '../llama-options.js';

/**
 * Options of the keys of a GGUF file of architecture `llama`.
 * @throws EimError `invalid-file` listing what does not fit
 */
export function optionsFromGguf(weights: WeightsDescription): LlamaOptionsInput {
  const { name, config } = weights;
  const reader = new ConfigReader(config, name);
  const headCount = reader.number('llama.attention.head_count');
  const [begin] = reader.ids('tokenizer.ggml.bos_token_id');
  const [end = 2] = reader.ids('tokenizer.ggml.eos_token_id');
  const [turnEnd] = reader.ids('tokenizer.ggml.eot_token_id');
  const [pad = end] = reader.ids('tokenizer.ggml.padding_token_id');
  reader.allow('llama.rope.scaling.type', ['none', 'linear']);
  const linear = config['llama.rope.scaling.type'] === 'linear';
  const options: LlamaOptionsInput = {
    hiddenSize: reader.number('llama.embedding_length'),
    headCount,
    blockCount: reader.number('llama.block_count'),
    keyValueHeadCount: reader.optionalNumber('llama.attention.head_count_kv') ?? headCount,
    feedForwardSize: reader.number('llama.feed_forward_length'),
    contextLength: reader.number('llama.context_length'),
    vocabularySize: weights.info('token_embd.weight').shape[0] ?? 0,
    specialTokens: begin === undefined ? { end, pad } : { begin, end, pad },
    stopTokens: turnEnd === undefined || turnEnd === end ? [end] : [end, turnEnd],
    normEpsilon: reader.number('llama.attention.layer_norm_rms_epsilon'),
    ropeBase: reader.optionalNumber('llama.rope.freq_base') ?? 10000,
    tiedHead: !weights.has('output.weight'),
    ...(linear && { ropeScaling: { type: 'linear', factor: reader.number('llama.rope.scaling.factor') } }),
  };
  reader.finish();
  return options;
}
