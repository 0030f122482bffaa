import type { WeightsDescription } from '@eim/contracts';
import { ConfigReader } from '@eim/weights';
import type { LlamaOptionsInput } from '../llama-options.js';
import type { LlamaLayout } from './llama-layout.js';

/** The first id of LLaMA 3's special tokens; its ordinary ids come before. */
const LLAMA3_BEGIN = 128000;

/**
 * Options of Meta's `params.json`, and of llama2.c's header, which says the same. Sizes that it leaves out are
 * those of the tensors; the context, which it never says, is the release's, told by the other settings.
 * @throws EimError `invalid-file` listing what does not fit
 */
export function optionsFromParams(weights: WeightsDescription, layout: LlamaLayout): LlamaOptionsInput {
  const { name, config } = weights;
  const reader = new ConfigReader(config, `${name} (params.json)`);
  const rows = (tensor: string): number =>
    weights.has(layout.shards[0] + tensor) ? (weights.info(layout.shards[0] + tensor).shape[0] ?? 0) : 0;
  const count = layout.shards.length;
  const headCount = reader.number('n_heads');
  const vocabularySize = rows('tok_embeddings.weight') * (layout.tableSplit === 'rows' ? count : 1);
  const third = vocabularySize > LLAMA3_BEGIN;
  const normEpsilon = reader.optionalNumber('norm_eps') ?? 1e-5;
  const scaled = config.use_scaled_rope === true;
  const release = scaled ? 131072 : third ? 8192 : normEpsilon < 1e-5 ? 2048 : 4096;
  const ended = third
    ? {
        specialTokens: { begin: LLAMA3_BEGIN, end: 128001, pad: 128001 },
        stopTokens: [128001, 128008, 128009] as [number, ...number[]],
      }
    : { specialTokens: { begin: 1, end: 2, pad: 2 }, ...stopTokensOf(config) };
  const options: LlamaOptionsInput = {
    hiddenSize: reader.number('dim'),
    headCount,
    blockCount: reader.number('n_layers'),
    keyValueHeadCount: reader.optionalNumber('n_kv_heads') ?? headCount,
    feedForwardSize: reader.optionalNumber('hidden_dim') ?? rows('layers.0.feed_forward.w1.weight') * count,
    contextLength: reader.optionalNumber('max_seq_len') ?? release,
    vocabularySize,
    ...ended,
    normEpsilon,
    ropeBase: reader.optionalNumber('rope_theta') ?? 10000,
    tiedHead: !weights.has(`${layout.shards[0]}output.weight`),
    ...(scaled && {
      ropeScaling: {
        type: 'llama3',
        factor: reader.optionalNumber('rope_scaling_factor') ?? 8,
        lowFrequencyFactor: 1,
        highFrequencyFactor: 4,
        originalContextLength: 8192,
      },
    }),
  };
  reader.finish();
  return options;
}

/** llama2.c's own loop also ends at the begin token, which opens the next story (run.c, `generate`). */
const stopTokensOf = (config: WeightsDescription['config']): Pick<LlamaOptionsInput, 'stopTokens'> =>
  'max_seq_len' in config ? { stopTokens: [2, 1] } : {};
