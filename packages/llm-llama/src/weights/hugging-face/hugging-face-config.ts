import { EimError, type ExportedValue } from '@eim/contracts';
import { huggingFaceActivationOf } from '@eim/nn';
import type { Llama } from '../../llama.js';
import { headSizeOf, type LlamaOptions } from '../../llama-options.js';
import { attentionFactorOf } from '../../rotary/rope-scaling.js';

type Fields = Readonly<Record<string, ExportedValue>>;

/**
 * The `config.json` by which transformers' `LlamaForCausalLM` computes what a LLaMA of ours computes. Dropouts of embeddings and of the residual
 * stream, which that class does not have and which act in training alone, are left out.
 * @throws EimError `invalid-argument` naming an option that transformers has no field for
 */
export function huggingFaceConfig({ options, specialTokens, vocabularySize }: Llama): Fields {
  const { queryKeyValueBias, attentionOutputBias, headCount } = options;
  if (queryKeyValueBias !== attentionOutputBias)
    throw refused(
      'queryKeyValueBias',
      `queryKeyValueBias is ${queryKeyValueBias} and attentionOutputBias ${attentionOutputBias}, for which it has one field`,
    );
  const { begin, end, pad } = specialTokens;
  return {
    architectures: ['LlamaForCausalLM'],
    model_type: 'llama',
    vocab_size: vocabularySize,
    hidden_size: options.hiddenSize,
    intermediate_size: options.feedForwardSize,
    num_hidden_layers: options.blockCount,
    num_attention_heads: headCount,
    num_key_value_heads: options.keyValueHeadCount ?? headCount,
    head_dim: headSizeOf(options),
    hidden_act: huggingFaceActivationOf(options.activation),
    attention_bias: queryKeyValueBias,
    mlp_bias: options.feedForwardBias,
    rms_norm_eps: options.normEpsilon,
    tie_word_embeddings: options.tiedHead,
    attention_dropout: options.attentionDropout,
    initializer_range: options.initialStandardDeviation,
    ...rotaryFields(options),
    bos_token_id: begin ?? null,
    eos_token_id: end,
    pad_token_id: pad,
    torch_dtype: 'float32',
    use_cache: true,
  };
}

function rotaryFields({ ropeBase, ropeScaling: scaling, contextLength }: LlamaOptions): Fields {
  const fields = (rope_scaling: ExportedValue, max_position_embeddings = contextLength): Fields => ({
    max_position_embeddings,
    rope_theta: ropeBase,
    rope_scaling,
  });
  switch (scaling?.type) {
    case undefined:
      return fields(null);
    case 'linear':
      return fields({ rope_type: 'linear', factor: scaling.factor });
    case 'dynamic':
      // transformers takes its own context for the original one
      return fields({ rope_type: 'dynamic', factor: scaling.factor }, scaling.originalContextLength);
    case 'yarn':
      return fields({
        rope_type: 'yarn',
        factor: scaling.factor,
        original_max_position_embeddings: scaling.originalContextLength,
        beta_fast: scaling.fastTurns,
        beta_slow: scaling.slowTurns,
        truncate: scaling.wholePairs,
        attention_factor: attentionFactorOf(scaling),
      });
    case 'llama3':
      return fields({
        rope_type: 'llama3',
        factor: scaling.factor,
        low_freq_factor: scaling.lowFrequencyFactor,
        high_freq_factor: scaling.highFrequencyFactor,
        original_max_position_embeddings: scaling.originalContextLength,
      });
    case 'factors':
      throw refused(
        'ropeScaling',
        'ropeScaling lists a factor for each frequency, for which it has no field',
      );
  }
}

const refused = (option: string, fault: string): EimError =>
  new EimError({
    code: 'invalid-argument',
    message: `The LLaMA cannot be written for transformers: ${fault}.`,
    advice: 'Write it for a program that has one, or train with another option.',
    data: { option },
  });
