import type { WeightsDescription } from '@eim/contracts';
import { ConfigReader } from '@eim/weights';
import type { ClipNaming } from './clip-block-rules.js';
import type { ClipPart, ClipSide } from './clip-part.js';
import { hasOpenClipConfig, openClipPart } from './open-clip-config.js';
import { towerConfig } from './tower-config.js';
import { HUGGING_FACE_SIZES, refuseOtherSizes, type TowerSizes } from './tower-sizes.js';

/** Width of a head in every model of OpenAI's. */
const HEAD_SIZE = 64;

/** Heads where a `config.json` leaves them out (transformers, `CLIPVisionConfig` and `CLIPTextConfig`). */
const DEFAULT_HEADS: Readonly<Record<ClipSide, number>> = { vision: 12, text: 8 };

/** Activations by transformers' names. */
const ACTIVATIONS: ReadonlyMap<unknown, ClipPart['activation']> = new Map<unknown, ClipPart['activation']>([
  ['quick_gelu', 'quick-gelu'],
  ['gelu', 'exact-gelu'],
  ['gelu_python', 'exact-gelu'],
  ['gelu_new', 'gelu'],
  ['gelu_pytorch_tanh', 'gelu'],
  ['gelu_fast', 'gelu'],
  ['gelu_accurate', 'gelu'],
]);

/** Fields without which transformers cannot build a tower, where they are there as null. */
const NEVER_NULL = ['hidden_act', 'num_attention_heads', 'layer_norm_eps'];

/**
 * Activation, heads and epsilon of one tower: from `config.json` or `open_clip_config.json` where there is one,
 * else OpenAI's.
 * @param sizes what the description must not contradict, of the tower
 * @param projection likewise the width of the projected vector, where there is one
 * @throws EimError `invalid-file` listing what this package does not compute
 */
export function describedPart(
  weights: WeightsDescription,
  naming: ClipNaming,
  side: ClipSide,
  sizes: TowerSizes & { readonly width: number },
  projection?: number,
): ClipPart {
  const { width } = sizes;
  if (naming === 'openai') {
    if (hasOpenClipConfig(weights)) return openClipPart(weights, side, width, sizes);
    return { activation: 'quick-gelu', headCount: width / HEAD_SIZE, normEpsilon: 1e-5 };
  }
  const config = towerConfig(weights.config, side);
  const reader = new ConfigReader(config, `${weights.name} (config.json)`);
  const activation = ACTIVATIONS.get(config.hidden_act ?? 'quick_gelu');
  reader.allow('hidden_act', [...ACTIVATIONS.keys()]);
  reader.allow('num_channels', [3]);
  for (const field of NEVER_NULL) if (config[field] === null) reader.fault(`${field} is null`);
  refuseOtherSizes(reader, config, HUGGING_FACE_SIZES, sizes);
  const { projection_dim: said } = weights.config;
  if (projection !== undefined && typeof said === 'number' && said !== projection)
    reader.fault(`projection_dim is ${said}; the weights have ${projection}`);
  // a lone file of tensors describes nothing; a description that leaves the heads out means the library's own
  const described = 'model_type' in weights.config || 'architectures' in weights.config;
  const headCount =
    reader.optionalNumber('num_attention_heads') ?? (described ? DEFAULT_HEADS[side] : width / HEAD_SIZE);
  if (width % headCount !== 0)
    reader.fault(`num_attention_heads is ${headCount}, which does not divide hidden_size, ${width}`);
  const part = {
    activation: activation ?? 'quick-gelu',
    headCount,
    normEpsilon: reader.optionalNumber('layer_norm_eps') ?? 1e-5,
  };
  reader.finish();
  return part;
}
