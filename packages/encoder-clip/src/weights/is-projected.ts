import type { WeightsDescription } from '@eim/contracts';
import type { ClipSide } from './clip-part.js';

/** Models of transformers that are a tower alone and give its pooled vector as it is. */
const BARE: Readonly<Record<ClipSide, { readonly architecture: string; readonly type: string }>> = {
  vision: { architecture: 'CLIPVisionModel', type: 'clip_vision_model' },
  text: { architecture: 'CLIPTextModel', type: 'clip_text_model' },
};

/** The last layer of each tower in Hugging Face's names. */
export const PROJECTIONS: Readonly<Record<ClipSide, string>> = {
  vision: 'visual_projection.weight',
  text: 'text_projection.weight',
};

/**
 * Whether the model in Hugging Face's names projects a tower's pooled vector: by the architecture that it names, else by
 * its family and the tensors that are there. What it says to have and has not is missing, not left out.
 */
export function isProjected({ config, has }: WeightsDescription, side: ClipSide): boolean {
  const { architectures, model_type: type } = config;
  const bare = BARE[side];
  if (Array.isArray(architectures) && architectures.length > 0)
    return !architectures.includes(bare.architecture);
  return has(PROJECTIONS[side]) || (type !== undefined && type !== bare.type);
}
