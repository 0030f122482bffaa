import type { WeightsDescription } from '@eim/contracts';
import { ConfigReader } from '@eim/weights';
import type { ClipPart, ClipSide } from './clip-part.js';
import { OPEN_CLIP_SIZES, refuseOtherSizes, type TowerSizes } from './tower-sizes.js';

/** Width of an image tower's head where its description leaves it out (open_clip, `CLIPVisionCfg`). */
const HEAD_SIZE = 64;
/** Heads of a text tower where its description leaves them out (open_clip, `CLIPTextCfg`). */
const TEXT_HEADS = 8;

type Section = Readonly<Record<string, unknown>>;

/** Blocks without what open_clip's own models may add to attention and feed-forward layers. */
const PLAIN_BLOCKS = {
  block_type: ['default'],
  qk_norm: [false],
  scaled_cosine_attn: [false],
  scale_heads: [false],
  scale_attn_inner: [false],
  scale_attn: [false],
  scale_fc: [false],
};

/** Fields of open_clip's descriptions that change what is computed, and the values that are computed here. */
const COMPUTED: Readonly<Record<ClipSide, Readonly<Record<string, readonly unknown[]>>>> = {
  vision: {
    timm_model_name: [],
    ...PLAIN_BLOCKS,
    act_kwargs: [],
    norm_kwargs: [],
    ls_init_value: [],
    attentional_pool: [false],
    attn_pooler_queries: [256],
    no_ln_pre: [false],
    pos_embed_type: ['learnable'],
    final_ln_after_pool: [false],
    pool_type: ['tok'],
    input_patchnorm: [false],
  },
  text: {
    hf_model_name: [],
    ...PLAIN_BLOCKS,
    act_kwargs: [],
    norm_kwargs: [],
    ls_init_value: [],
    embed_cls: [false],
    no_causal_mask: [false],
    final_ln_after_pool: [false],
    pool_type: ['argmax'],
    proj_bias: [false],
    proj_type: ['linear'],
  },
};

/** Whether `open_clip_config.json` stands beside the weights. */
export const hasOpenClipConfig = ({ config }: Pick<WeightsDescription, 'config'>): boolean =>
  isSection(config.model_cfg);

/**
 * One tower of a `open_clip_config.json`: GELU with the error function unless it says `quick_gelu`.
 * @param width of the attention
 * @param sizes what the description must not contradict
 * @throws EimError `invalid-file` listing what this package does not compute
 */
export function openClipPart(
  { name, config }: WeightsDescription,
  side: ClipSide,
  width: number,
  sizes: TowerSizes,
): ClipPart {
  const { feedForwardSize } = sizes;
  const model = config.model_cfg as Section;
  const section = isSection(model[`${side}_cfg`]) ? (model[`${side}_cfg`] as Section) : {};
  const reader = new ConfigReader(section, `${name} (open_clip_config.json, ${side}_cfg)`);
  for (const [field, values] of Object.entries(COMPUTED[side])) reader.allow(field, values);
  refuseOtherSizes(reader, section, OPEN_CLIP_SIZES, sizes);
  const ratio = reader.optionalNumber('mlp_ratio');
  if (ratio !== undefined && feedForwardSize !== undefined && Math.floor(width * ratio) !== feedForwardSize)
    reader.fault(`mlp_ratio is ${ratio}; the weights have ${feedForwardSize / width}`);
  if (model.quick_gelu !== undefined && typeof model.quick_gelu !== 'boolean')
    reader.fault(`quick_gelu is ${JSON.stringify(model.quick_gelu)}, neither true nor false`);
  const headSize = reader.optionalNumber('head_width') ?? HEAD_SIZE;
  const heads = reader.optionalNumber('heads') ?? TEXT_HEADS;
  const headCount = side === 'vision' ? width / headSize : heads;
  if (!Number.isInteger(headCount) || !Number.isInteger(width / headCount)) {
    const field = side === 'vision' ? `head_width is ${headSize}` : `heads is ${heads}`;
    reader.fault(`${field}, which does not divide the width, ${width}`);
  }
  reader.finish();
  return {
    activation: model.quick_gelu === true ? 'quick-gelu' : 'exact-gelu',
    headCount,
    normEpsilon: 1e-5,
  };
}

/** Its section on pixels; undefined where it has none. */
export function openClipPixels(weights: WeightsDescription): Section | undefined {
  const pixels = weights.config.preprocess_cfg;
  return hasOpenClipConfig(weights) && isSection(pixels) ? (pixels as Section) : undefined;
}

const isSection = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
