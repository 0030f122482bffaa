import type { WeightsDescription } from '@eim/contracts';
import type { ClipNaming } from './clip-block-rules.js';

/** The kinds of image tower. */
export type ClipTower = 'vit' | 'resnet';

/** How a file of CLIP weights names its parts. */
export interface ClipLayout {
  readonly naming: ClipNaming;
  readonly tower: ClipTower;
}

/** The layout of CLIP weights with an image tower; undefined where the names are none of CLIP's. */
export function findClipLayout({ has }: Pick<WeightsDescription, 'has'>): ClipLayout | undefined {
  if (has('vision_model.embeddings.patch_embedding.weight')) return { naming: 'hugging-face', tower: 'vit' };
  if (has('visual.transformer.resblocks.0.ln_1.weight')) return { naming: 'openai', tower: 'vit' };
  if (has('visual.attnpool.positional_embedding')) return { naming: 'openai', tower: 'resnet' };
  return undefined;
}

/** Whether weights hold CLIP's text tower, whatever image tower is beside it. */
export const hasClipTextTower = ({ has, config }: Pick<WeightsDescription, 'has' | 'config'>): boolean =>
  (has('text_model.embeddings.token_embedding.weight') || has('token_embedding.weight')) &&
  (typeof config.model_type !== 'string' || ['clip', 'clip_text_model'].includes(config.model_type));

/** Whether weights are CLIP's with such an image tower: by the family that they name themselves, else by names. */
export const recogniseClip =
  (tower: ClipTower) =>
  (weights: WeightsDescription): boolean => {
    const { model_type: type } = weights.config;
    if (typeof type === 'string' && type !== 'clip' && type !== 'clip_vision_model') return false;
    return findClipLayout(weights)?.tower === tower;
  };
