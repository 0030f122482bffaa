import type { WeightsDescription } from '@eim/contracts';
import type { ClipTextEncoderOptionsInput } from '../clip-text-encoder-options.js';
import type { TowerLayout } from './clip-naming.js';
import { describedPart } from './described-part.js';
import { isProjected, PROJECTIONS } from './is-projected.js';

/** Options of a published text tower: sizes from the tensors, the rest from the description where there is one. */
export function describedTextOptions(
  weights: WeightsDescription,
  { naming, prefix }: TowerLayout,
): ClipTextEncoderOptionsInput {
  const openai = naming === 'openai';
  const shape = (name: string): readonly number[] => (weights.has(name) ? weights.info(name).shape : []);
  const blocks = `${prefix}${openai ? 'transformer.resblocks.' : 'encoder.layers.'}`;
  const embeddings = openai ? '' : `${prefix}embeddings.`;
  const [vocabularySize = 0, width = 0] = shape(`${embeddings}token_embedding.weight`);
  const [contextLength = 0] = shape(
    embeddings + (openai ? 'positional_embedding' : 'position_embedding.weight'),
  );
  const norm = openai ? /^\d+\.ln_1\.weight$/ : /^\d+\.layer_norm1\.weight$/;
  const blockCount = weights.tensorNames.filter(
    (name) => name.startsWith(blocks) && norm.test(name.slice(blocks.length)),
  ).length;
  const [feedForwardSize = 4 * width] = shape(`${blocks}0.${openai ? 'mlp.c_fc.weight' : 'mlp.fc1.weight'}`);
  const projected = openai || isProjected(weights, 'text');
  const projection = openai
    ? shape('text_projection')[1]
    : projected
      ? shape(PROJECTIONS.text)[0]
      : undefined;
  const sizes = { vocabularySize, contextLength, width, blockCount, feedForwardSize };
  return {
    ...sizes,
    pooledSize: projected ? (projection ?? 0) : width,
    projected,
    ...describedPart(weights, naming, 'text', sizes, projection),
  };
}
