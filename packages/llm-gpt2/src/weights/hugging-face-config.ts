import type { ExportedValue } from '@eim/contracts';
import { huggingFaceActivationOf } from '@eim/nn';
import type { Gpt2 } from '../gpt2.js';

/** The `config.json` by which transformers' `GPT2LMHeadModel` computes what a GPT-2 of ours computes. */
export function huggingFaceConfig({
  options,
  specialTokens: { begin, end, pad },
  vocabularySize,
}: Gpt2): Readonly<Record<string, ExportedValue>> {
  return {
    architectures: ['GPT2LMHeadModel'],
    model_type: 'gpt2',
    vocab_size: vocabularySize,
    n_embd: options.hiddenSize,
    n_inner: options.feedForwardSize,
    n_layer: options.blockCount,
    n_head: options.headCount,
    n_positions: options.contextLength,
    activation_function: huggingFaceActivationOf(options.activation),
    layer_norm_epsilon: options.normEpsilon,
    tie_word_embeddings: options.tiedHead,
    embd_pdrop: options.embeddingDropout,
    attn_pdrop: options.attentionDropout,
    resid_pdrop: options.residualDropout,
    initializer_range: options.initialStandardDeviation,
    bos_token_id: begin ?? null,
    eos_token_id: end,
    pad_token_id: pad,
    torch_dtype: 'float32',
    use_cache: true,
  };
}
