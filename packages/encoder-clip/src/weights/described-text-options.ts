import type { WeightsDescription } from '@eim/contracts';
import type { ClipTextEncoderOptionsInput } from '../clip-text-encoder-options.js';
import type { ClipNaming } from './clip-block-rules.js';
import { describedPart } from './described-part.js';

/** Options of a published text tower: sizes from the tensors, the rest from the description where there is one. */
export function describedTextOptions(
  weights: WeightsDescription,
  naming: ClipNaming,
): ClipTextEncoderOptionsInput {
  const openai = naming === 'openai';
  const shape = (name: string): readonly number[] => (weights.has(name) ? weights.info(name).shape : []);
  const embeddings = openai ? '' : 'text_model.embeddings.';
  const [vocabularySize = 0, width = 0] = shape(`${embeddings}token_embedding.weight`);
  const block = openai
    ? /^transformer\.resblocks\.\d+\.ln_1\.weight$/
    : /^text_model\..*\.layer_norm1\.weight$/;
  return {
    vocabularySize,
    contextLength:
      shape(embeddings + (openai ? 'positional_embedding' : 'position_embedding.weight'))[0] ?? 0,
    width,
    blockCount: weights.tensorNames.filter((name) => block.test(name)).length,
    feedForwardSize:
      shape(
        openai ? 'transformer.resblocks.0.mlp.c_fc.weight' : 'text_model.encoder.layers.0.mlp.fc1.weight',
      )[0] ?? 4 * width,
    pooledSize: openai ? (shape('text_projection')[1] ?? 0) : (shape('text_projection.weight')[0] ?? 0),
    ...describedPart(weights, naming, 'text', width),
  };
}
