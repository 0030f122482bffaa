import type { ConfigReader } from '@eim/weights';
import type { LlamaOptionsInput } from '../../llama-options.js';
import { yarnMagnitude } from '../../rotary/rope-scaling.js';
import { YARN_KEYS } from './gguf-fields.js';

type RopeScalingInput = LlamaOptionsInput['ropeScaling'];

const KINDS = { linear: 'linear', none: 'none', yarn: 'yarn' } as const;

/**
 * The rotary scaling that a file's keys say, as llama.cpp reads them: linear where no type stands, by the factor under
 * its older name where the newer is absent, and no scaling where the factor is 0.
 */
export function ggufRotaryScaling(reader: ConfigReader, contextLength: number): RopeScalingInput {
  const type = reader.choice('llama.rope.scaling.type', KINDS, 'linear');
  const attentionFactor = reader.positive('llama.rope.scaling.attn_factor', 1);
  if (type !== 'yarn') reader.allow('llama.rope.scaling.attn_factor', [1]);
  const older = reader.optionalNumber('llama.rope.scale_linear');
  const factor = (reader.optionalNumber('llama.rope.scaling.factor') ?? older) || 1;
  if (factor < 0) reader.fault(`llama.rope.scaling.factor is ${factor}, not a number above 0`);
  if (type === 'none' || (type === 'linear' && factor === 1)) return undefined;
  if (type === 'linear') return { type, factor };
  for (const [key, allowed] of Object.entries(YARN_KEYS)) reader.allow(`llama.${key}`, allowed);
  return {
    type,
    factor,
    originalContextLength: reader.count('llama.rope.scaling.original_context_length', contextLength),
    attentionFactor: attentionFactor * yarnMagnitude(factor),
  };
}

/**
 * Scaling with the file's tensor of factors, which llama.cpp applies before a linear one.
 * @param factors one for each pair of a head's elements
 */
export function withRotaryFactors(
  reader: ConfigReader,
  scaling: RopeScalingInput,
  factors: readonly number[],
): RopeScalingInput {
  if (scaling?.type === 'yarn')
    reader.fault('rope_freqs.weight stands beside llama.rope.scaling.type "yarn"');
  const linear = scaling?.type === 'linear' ? scaling.factor : 1;
  return { type: 'factors', factors: factors.map((factor) => factor * linear) };
}
