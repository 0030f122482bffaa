import { EimError, type ExportedGgufValue, type ExportedTensor } from '@eim/contracts';
import type { Llama } from '../../llama.js';
import { headSizeOf, type LlamaOptions } from '../../llama-options.js';
import { attentionFactorOf, type YarnScaling, yarnMagnitude } from '../../rotary/rope-scaling.js';
import { llama3Factors } from './llama3-factors.js';

type Metadata = Readonly<Record<string, ExportedGgufValue>>;

const whole = (value: number): ExportedGgufValue => ({ type: 'uint32', value });
const real = (value: number): ExportedGgufValue => ({ type: 'float32', value });
const text = (value: string): ExportedGgufValue => ({ type: 'string', value });

/**
 * The keys of architecture `llama` by which llama.cpp computes what a LLaMA of ours computes, and `rope_freqs.weight` where frequencies have
 * factors of their own.
 * @throws EimError `invalid-argument` naming an option that llama.cpp has no key for
 */
export function ggufDescription({ options, vocabularySize }: Pick<Llama, 'options' | 'vocabularySize'>): {
  readonly metadata: Metadata;
  readonly factors: readonly ExportedTensor[];
} {
  if (options.activation !== 'silu') throw refused('activation', `activation is ${options.activation}`);
  const headSize = headSizeOf(options);
  const { headCount, keyValueHeadCount = headCount } = options;
  const factors = factorsOf(options);
  return {
    metadata: {
      'general.architecture': text('llama'),
      'llama.vocab_size': whole(vocabularySize),
      'llama.context_length': whole(options.contextLength),
      'llama.embedding_length': whole(options.hiddenSize),
      'llama.block_count': whole(options.blockCount),
      'llama.feed_forward_length': whole(options.feedForwardSize),
      'llama.attention.head_count': whole(headCount),
      'llama.attention.head_count_kv': whole(keyValueHeadCount),
      'llama.attention.key_length': whole(headSize),
      'llama.attention.value_length': whole(headSize),
      'llama.attention.layer_norm_rms_epsilon': real(options.normEpsilon),
      'llama.rope.dimension_count': whole(headSize),
      'llama.rope.freq_base': real(options.ropeBase),
      ...scalingKeys(options),
    },
    factors:
      factors === undefined
        ? []
        : [{ name: 'rope_freqs.weight', shape: [factors.length], values: Float32Array.from(factors) }],
  };
}

function factorsOf({ ropeScaling: scaling, ...options }: LlamaOptions): readonly number[] | undefined {
  if (scaling?.type === 'factors') return scaling.factors;
  return scaling?.type === 'llama3'
    ? llama3Factors(scaling, headSizeOf(options), options.ropeBase)
    : undefined;
}

function scalingKeys({ ropeScaling: scaling }: LlamaOptions): Metadata {
  switch (scaling?.type) {
    case 'dynamic':
      throw refused('ropeScaling', 'ropeScaling is dynamic');
    case 'linear':
      return {
        'llama.rope.scaling.type': text('linear'),
        'llama.rope.scaling.factor': real(scaling.factor),
      };
    case 'yarn':
      return yarnKeys(scaling);
    default:
      return {};
  }
}

function yarnKeys(scaling: YarnScaling): Metadata {
  const { factor, fastTurns, slowTurns, wholePairs, originalContextLength } = scaling;
  if (fastTurns !== 32 || slowTurns !== 1 || !wholePairs)
    throw refused(
      'ropeScaling',
      'ropeScaling is a YaRN with other turns than 32 and 1, or without whole pairs',
    );
  return {
    'llama.rope.scaling.type': text('yarn'),
    'llama.rope.scaling.factor': real(factor),
    'llama.rope.scaling.original_context_length': whole(originalContextLength),
    // llama.cpp multiplies it with the magnitude of the factor
    'llama.rope.scaling.attn_factor': real(attentionFactorOf(scaling) / yarnMagnitude(factor)),
  };
}

const refused = (option: string, fault: string): EimError =>
  new EimError({
    code: 'invalid-argument',
    message: `The LLaMA cannot be written for llama.cpp: ${fault}, which its architecture llama does not compute.`,
    advice: 'Write it for huggingface.',
    data: { option },
  });
