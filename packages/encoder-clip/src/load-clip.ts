import type { PublishedWeights, WeightsDescription } from '@eim/contracts';
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
import { findClipLayout, findTextLayout, type TowerLayout } from './weights/clip-naming.js';
import { describedTextOptions } from './weights/described-text-options.js';
import { describedVitOptions } from './weights/described-vit-options.js';
import { loadTower, noTower } from './weights/load-tower.js';
import { textWeightsMap } from './weights/text-weights-map.js';
import { vitWeightsMap } from './weights/vit-weights-map.js';

/**
 * Options of a published CLIP vision transformer: sizes from the tensors, the rest from `config.json` and
 * `preprocessor_config.json`, or from `open_clip_config.json`, where they are there.
 * @throws EimError `invalid-file` where there is no such tower, or listing what this package does not compute
 */
export function describeClipEncoder(weights: WeightsDescription): ClipEncoderOptionsInput {
  return describedVitOptions(weights, requireVit(weights));
}

/**
 * A CLIP vision transformer with published weights in OpenAI's or Hugging Face's names.
 * @param options absent: as {@link describeClipEncoder} has them
 * @throws EimError `invalid-file` listing every tensor that does not fit
 */
export async function loadClipEncoder(
  weights: PublishedWeights,
  _context: Omit<EncoderContext, 'random'> = {},
  options?: ClipEncoderOptionsInput,
): Promise<ClipImageEncoder> {
  const layout = requireVit(weights);
  const input = options ?? describedVitOptions(weights, layout);
  const complete = parseOptions<ClipEncoderOptions>(clipEncoderOptionsSchema, input, 'the CLIP encoder');
  const map = vitWeightsMap(complete, layout);
  return await loadTower(weights, map, (scope) => new ClipImageEncoder(complete, scope));
}

/**
 * Options of a published CLIP text tower: sizes from the tensors, the rest from the description where there is one.
 * @throws EimError `invalid-file` where there is no such tower, or listing what this package does not compute
 */
export function describeClipTextEncoder(weights: WeightsDescription): ClipTextEncoderOptionsInput {
  return describedTextOptions(weights, requireText(weights));
}

/**
 * CLIP's text tower with published weights, whatever the image tower beside it.
 * @param options absent: as {@link describeClipTextEncoder} has them
 * @throws EimError `invalid-file` listing every tensor that does not fit
 */
export async function loadClipTextEncoder(
  weights: PublishedWeights,
  _context: Omit<EncoderContext, 'random'> = {},
  options?: ClipTextEncoderOptionsInput,
): Promise<ClipTextEncoder> {
  const layout = requireText(weights);
  const input = options ?? describedTextOptions(weights, layout);
  const what = 'the CLIP text encoder';
  const complete = parseOptions<ClipTextEncoderOptions>(clipTextEncoderOptionsSchema, input, what);
  const map = textWeightsMap(complete, layout);
  return await loadTower(weights, map, (scope) => new ClipTextEncoder(complete, scope));
}

function requireVit(weights: WeightsDescription): TowerLayout {
  const layout = findClipLayout(weights);
  if (layout?.tower === 'vit') return layout;
  throw noTower(weights, 'vision transformer');
}

function requireText(weights: WeightsDescription): TowerLayout {
  const layout = findTextLayout(weights);
  if (layout) return layout;
  throw noTower(weights, 'text tower');
}
