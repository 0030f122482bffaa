import type { PublishedWeights } from '@eim/contracts';
import type { EncoderContext } from '@eim/contracts/model';
import { parseOptions } from '@eim/nn';
import {
  type ClipEncoderOptions,
  type ClipEncoderOptionsInput,
  clipEncoderOptionsSchema,
} from './clip-encoder-options.js';
import { ClipImageEncoder } from './clip-image-encoder.js';
import { ClipTextEncoder } from './clip-text-encoder.js';
import {
  type ClipTextEncoderOptions,
  type ClipTextEncoderOptionsInput,
  clipTextEncoderOptionsSchema,
} from './clip-text-encoder-options.js';
import { findClipLayout } from './weights/clip-naming.js';
import { describedTextOptions } from './weights/described-text-options.js';
import { describedVitOptions } from './weights/described-vit-options.js';
import { loadTower, noTower } from './weights/load-tower.js';
import { textWeightsMap } from './weights/text-weights-map.js';
import { vitWeightsMap } from './weights/vit-weights-map.js';

/**
 * A CLIP vision transformer with published weights in OpenAI's or Hugging Face's names.
 * @param options absent: read from the tensors' shapes, `config.json` and `preprocessor_config.json`
 * @throws EimError `invalid-file` listing every tensor that does not fit
 */
export async function loadClipEncoder(
  weights: PublishedWeights,
  _context: Omit<EncoderContext, 'random'> = {},
  options?: ClipEncoderOptionsInput,
): Promise<ClipImageEncoder> {
  const layout = findClipLayout(weights);
  if (layout?.tower !== 'vit') throw noTower(weights, 'vision transformer');
  const input = options ?? describedVitOptions(weights, layout.naming);
  const complete = parseOptions<ClipEncoderOptions>(clipEncoderOptionsSchema, input, 'the CLIP encoder');
  const map = vitWeightsMap(complete, layout.naming);
  return await loadTower(weights, map, (scope) => new ClipImageEncoder(complete, scope));
}

/**
 * CLIP's text tower with published weights, whatever the image tower beside it.
 * @param options absent: read from the tensors' shapes and `config.json`
 * @throws EimError `invalid-file` listing every tensor that does not fit
 */
export async function loadClipTextEncoder(
  weights: PublishedWeights,
  _context: Omit<EncoderContext, 'random'> = {},
  options?: ClipTextEncoderOptionsInput,
): Promise<ClipTextEncoder> {
  const naming = weights.has('text_model.embeddings.token_embedding.weight') ? 'hugging-face' : 'openai';
  if (naming === 'openai' && !weights.has('token_embedding.weight')) throw noTower(weights, 'text tower');
  const input = options ?? describedTextOptions(weights, naming);
  const what = 'the CLIP text encoder';
  const complete = parseOptions<ClipTextEncoderOptions>(clipTextEncoderOptionsSchema, input, what);
  const map = textWeightsMap(complete, naming);
  return await loadTower(weights, map, (scope) => new ClipTextEncoder(complete, scope));
}
