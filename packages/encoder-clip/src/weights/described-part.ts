import type { WeightsDescription } from '@eim/contracts';
import { ConfigReader } from '@eim/weights';
import type { ClipNaming } from './clip-block-rules.js';
import type { ClipPart, ClipSide } from './clip-part.js';
import { hasOpenClipConfig, openClipPart } from './open-clip-config.js';

/** Width of a head in every model of OpenAI's. */
const HEAD_SIZE = 64;

/** Heads where a `config.json` leaves them out (transformers, `CLIPVisionConfig` and `CLIPTextConfig`). */
const DEFAULT_HEADS: Readonly<Record<ClipSide, number>> = { vision: 12, text: 8 };

/** Activations by transformers' names. */
const ACTIVATIONS: ReadonlyMap<unknown, ClipPart['activation']> = new Map<unknown, ClipPart['activation']>([
  ['quick_gelu', 'quick-gelu'],
  ['gelu', 'exact-gelu'],
  ['gelu_new', 'gelu'],
  ['gelu_pytorch_tanh', 'gelu'],
  ['gelu_fast', 'gelu'],
]);

/**
 * Activation, heads and epsilon of one tower: from `config.json` or `open_clip_config.json` where there is one,
 * else OpenAI's.
 * @throws EimError `invalid-file` listing what this package does not compute
 */
export function describedPart(
  weights: WeightsDescription,
  naming: ClipNaming,
  side: ClipSide,
  width: number,
): ClipPart {
  if (naming === 'openai') {
    if (hasOpenClipConfig(weights)) return openClipPart(weights, side, width);
    return { activation: 'quick-gelu', headCount: width / HEAD_SIZE, normEpsilon: 1e-5 };
  }
  const config = sectionOf(weights.config, side);
  const reader = new ConfigReader(config, `${weights.name} (config.json)`);
  const named = config.hidden_act ?? 'quick_gelu';
  const activation = ACTIVATIONS.get(named);
  reader.allow('hidden_act', [...ACTIVATIONS.keys()]);
  // a lone file of tensors describes nothing; a description that leaves the heads out means the library's own
  const described = 'model_type' in weights.config || 'architectures' in weights.config;
  const part = {
    activation: activation ?? 'quick-gelu',
    headCount:
      reader.optionalNumber('num_attention_heads') ?? (described ? DEFAULT_HEADS[side] : width / HEAD_SIZE),
    normEpsilon: reader.optionalNumber('layer_norm_eps') ?? 1e-5,
  };
  reader.finish();
  return part;
}

/**
 * One tower's section. Older versions also write `vision_config_dict`, whose fields count before those of
 * `vision_config` (transformers, `CLIPConfig.__init__`); a tower published alone has no sections.
 */
function sectionOf(config: WeightsDescription['config'], side: ClipSide): Record<string, unknown> {
  const section = config[`${side}_config`] as Record<string, unknown> | null | undefined;
  const older = config[`${side}_config_dict`] as Record<string, unknown> | null | undefined;
  return section || older ? { ...section, ...older } : { ...config };
}
