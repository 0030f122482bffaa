import type { WeightsDescription } from '@eim/contracts';
import type { ClipNaming } from './clip-block-rules.js';

/** The kinds of image tower. */
export type ClipTower = 'vit' | 'resnet';

/** How a file of CLIP weights names a tower. */
export interface TowerLayout {
  readonly naming: ClipNaming;
  /** Before all names of the tower. */
  readonly prefix: string;
}

/** The layout of an image tower. */
export interface ClipLayout extends TowerLayout {
  readonly tower: ClipTower;
}

type Names = Pick<WeightsDescription, 'has'>;

/** The layout of CLIP weights with an image tower; undefined where the names are none of CLIP's. */
export function findClipLayout({ has }: Names): ClipLayout | undefined {
  // version 5 of transformers saves a tower that is alone without a prefix; the misspelt norm is CLIP's only
  const prefix = ['vision_model.', ''].find(
    (before) => has(`${before}embeddings.patch_embedding.weight`) && has(`${before}pre_layrnorm.weight`),
  );
  if (prefix !== undefined) return { naming: 'hugging-face', tower: 'vit', prefix };
  // CLIP lies beside other models in LLaMA-Adapter V2's training states
  const before = ['visual.', 'clip.visual.'].find((name) =>
    has(`${name}transformer.resblocks.0.ln_1.weight`),
  );
  if (before !== undefined) return { naming: 'openai', tower: 'vit', prefix: before };
  if (has('visual.attnpool.positional_embedding'))
    return { naming: 'openai', tower: 'resnet', prefix: 'visual.' };
  return undefined;
}

/** The layout of CLIP's text tower, whatever image tower is beside it. */
export function findTextLayout({ has }: Names): TowerLayout | undefined {
  const prefix = ['text_model.', ''].find(
    (before) => has(`${before}embeddings.token_embedding.weight`) && has(`${before}final_layer_norm.weight`),
  );
  if (prefix !== undefined) return { naming: 'hugging-face', prefix };
  return has('token_embedding.weight') ? { naming: 'openai', prefix: '' } : undefined;
}

/** Whether weights hold CLIP's text tower, whatever image tower is beside it. */
export const hasClipTextTower = (weights: Pick<WeightsDescription, 'has' | 'config'>): boolean => {
  const { model_type: type } = weights.config;
  const isClips = typeof type !== 'string' || ['clip', 'clip_text_model'].includes(type);
  return isClips && findTextLayout(weights) !== undefined;
};

/** Whether weights are CLIP's with such an image tower: by the family that they name themselves, else by names. */
export const recogniseClip =
  (tower: ClipTower) =>
  (weights: WeightsDescription): boolean => {
    const { model_type: type } = weights.config;
    if (typeof type === 'string' && type !== 'clip' && type !== 'clip_vision_model') return false;
    return findClipLayout(weights)?.tower === tower;
  };
