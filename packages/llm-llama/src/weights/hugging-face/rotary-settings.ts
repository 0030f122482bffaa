import type { ConfigReader } from '@eim/weights';
import type { LlamaOptionsInput } from '../../llama-options.js';
import { yarnMagnitude } from '../../rotary/rope-scaling.js';

type RopeScalingInput = NonNullable<LlamaOptionsInput['ropeScaling']>;

interface RotarySettings {
  readonly ropeBase: number;
  readonly contextLength: number;
  readonly ropeScaling?: RopeScalingInput;
}

/** What transformers knows of rotary embeddings: a kind of scaling passes over the fields of the others. */
const KNOWN = [
  'rope_theta',
  'rope_type',
  'type',
  'factor',
  'original_max_position_embeddings',
  'attention_factor',
  'beta_fast',
  'beta_slow',
  'mscale',
  'mscale_all_dim',
  'truncate',
  'low_freq_factor',
  'high_freq_factor',
  'short_factor',
  'long_factor',
  'finetuned', // a note in YaRN's own models
];

const KINDS = {
  default: 'default',
  linear: 'linear',
  dynamic: 'dynamic',
  yarn: 'yarn',
  llama3: 'llama3',
} as const;

/**
 * The rotary settings of a `config.json`. Earlier versions of transformers keep them beside and in `rope_scaling`, later
 * ones in `rope_parameters`; where a file says them twice, transformers 5's order holds: `rope_scaling` before
 * `rope_parameters`, the base inside before the one on top, `rope_type` before `type`, and the original context on top
 * before the one inside.
 */
export function rotarySettings(reader: ConfigReader): RotarySettings {
  const sections = ['rope_scaling', 'rope_parameters'].map((field) => reader.section(field));
  const inside = sections.find((section) => section && !section.isEmpty);
  reader.refuse({ partial_rotary_factor: [1] });
  const ropeBase = inside?.says('rope_theta')
    ? inside.positive('rope_theta')
    : reader.positive('rope_theta', 10000);
  const contextLength = reader.count('max_position_embeddings', 2048);
  if (inside === undefined) return { ropeBase, contextLength };
  const ropeScaling = scalingOf(inside, contextLength, reader);
  inside.refuse({ partial_rotary_factor: [1] });
  inside.ignore(KNOWN);
  inside.refuseUnknown();
  if (ropeScaling === undefined) return { ropeBase, contextLength };
  // a model whose context was not raised along with its scaling holds that many times the original one
  const stretched =
    ropeScaling.type === 'dynamic' || ropeScaling.type === 'yarn'
      ? Math.floor(ropeScaling.originalContextLength * ropeScaling.factor)
      : 0;
  return { ropeBase, ropeScaling, contextLength: Math.max(contextLength, stretched) };
}

function scalingOf(
  inside: ConfigReader,
  contextLength: number,
  top: ConfigReader,
): RopeScalingInput | undefined {
  const named = ['rope_type', 'type'].find((field) => inside.says(field)) ?? 'rope_type';
  // a factor of no kind is not passed over
  const type = inside.choice(named, KINDS, inside.says('factor') ? undefined : 'default');
  const original = () =>
    top.optionalCount('original_max_position_embeddings') ??
    inside.count('original_max_position_embeddings', contextLength);
  switch (type) {
    case 'linear':
      return { type, factor: inside.positive('factor') };
    case 'dynamic':
      // transformers takes its own context for the original one, whatever else is said
      return { type, factor: inside.positive('factor'), originalContextLength: contextLength };
    case 'yarn':
      return yarnScaling(inside, contextLength, original());
    case 'llama3':
      return {
        type,
        factor: inside.positive('factor'),
        lowFrequencyFactor: inside.positive('low_freq_factor'),
        highFrequencyFactor: inside.positive('high_freq_factor'),
        originalContextLength: original(),
      };
    default:
      return undefined;
  }
}

/** Numbers of 0 stand for absent ones, as in transformers. */
function yarnScaling(
  inside: ConfigReader,
  contextLength: number,
  originalContextLength: number,
): RopeScalingInput {
  const optional = (field: string): number | undefined => inside.optionalNumber(field) || undefined;
  const implied = inside.says('factor') ? inside.optionalNumber('factor') : inside.positive('factor');
  const factor = implied ?? contextLength / originalContextLength;
  if (factor <= 0) inside.positive('factor');
  const [magnitude, overall] = [optional('mscale'), optional('mscale_all_dim')];
  const attentionFactor =
    inside.optionalNumber('attention_factor') !== undefined
      ? inside.positive('attention_factor')
      : magnitude !== undefined && overall !== undefined
        ? yarnMagnitude(factor, magnitude) / yarnMagnitude(factor, overall)
        : undefined;
  return {
    type: 'yarn',
    factor,
    originalContextLength,
    fastTurns: optional('beta_fast') ?? 32,
    slowTurns: optional('beta_slow') ?? 1,
    wholePairs: inside.flag('truncate', true),
    ...(attentionFactor !== undefined && { attentionFactor }),
  };
}
