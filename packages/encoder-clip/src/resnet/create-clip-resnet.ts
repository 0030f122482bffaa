import type { PublishedWeights, WeightsDescription } from '@eim/contracts';
import type { EncoderContext } from '@eim/contracts/model';
import { ParameterScope, parseOptions } from '@eim/nn';
import { findClipLayout } from '../weights/clip-naming.js';
import { describedResnetOptions } from '../weights/described-resnet-options.js';
import { loadTower, noTower } from '../weights/load-tower.js';
import { resnetWeightsMap } from '../weights/resnet-weights-map.js';
import { ClipResnetEncoder } from './clip-resnet-encoder.js';
import {
  type ClipResnetOptions,
  type ClipResnetOptionsInput,
  clipResnetOptionsSchema,
} from './clip-resnet-options.js';

const complete = (options: ClipResnetOptionsInput): ClipResnetOptions =>
  parseOptions<ClipResnetOptions>(clipResnetOptionsSchema, options, 'the CLIP residual encoder');

/**
 * A CLIP residual network with freshly initialised parameters.
 * @param options a preset of `clipResnetPresets`, or one's own sizes
 * @throws EimError `invalid-argument` for options that cannot be
 */
export function createClipResnetEncoder(
  options: ClipResnetOptionsInput,
  context: EncoderContext,
): ClipResnetEncoder {
  return new ClipResnetEncoder(complete(options), ParameterScope.of(context));
}

/**
 * Options of a published CLIP residual network: sizes from the tensors, the rest from the description where there is one.
 * @throws EimError `invalid-file` where there is no such tower, or listing what this package does not compute
 */
export function describeClipResnetEncoder(weights: WeightsDescription): ClipResnetOptionsInput {
  requireResnet(weights);
  return describedResnetOptions(weights);
}

/**
 * A CLIP residual network with published weights in OpenAI's names, batch norms folded as they are read.
 * @param options absent: as {@link describeClipResnetEncoder} has them
 * @throws EimError `invalid-file` listing every tensor that does not fit
 */
export async function loadClipResnetEncoder(
  weights: PublishedWeights,
  _context: Omit<EncoderContext, 'random'> = {},
  options?: ClipResnetOptionsInput,
): Promise<ClipResnetEncoder> {
  requireResnet(weights);
  const whole = complete(options ?? describedResnetOptions(weights));
  return await loadTower(weights, resnetWeightsMap(whole), (scope) => new ClipResnetEncoder(whole, scope));
}

function requireResnet(weights: WeightsDescription): void {
  if (findClipLayout(weights)?.tower !== 'resnet') throw noTower(weights, 'residual network');
}
