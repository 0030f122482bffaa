import type { PublishedWeights } from '@eim/contracts';
import type { EncoderContext } from '@eim/contracts/model';
import { ParameterScope, parseOptions } from '@eim/nn';
import { mapWeights } from '@eim/weights';
import { EfficientNetEncoder } from './efficientnet-encoder.js';
import {
  type EfficientNetOptions,
  type EfficientNetOptionsInput,
  efficientNetOptionsSchema,
} from './efficientnet-options.js';
import { describeEfficientNetEncoder, requireEfficientNet } from './weights/described-options.js';
import { pytorchWeightsMap } from './weights/pytorch-weights-map.js';

const complete = (options: EfficientNetOptionsInput): EfficientNetOptions =>
  parseOptions<EfficientNetOptions>(efficientNetOptionsSchema, options, 'EfficientNet-Lite');

/**
 * An EfficientNet-Lite with freshly initialised parameters.
 * @param options a preset of `efficientNetPresets`, or one's own sizes
 * @throws EimError `invalid-argument` for options that cannot be
 * @example
 * const encoder = createEfficientNetEncoder(efficientNetPresets.tiny, { random: createRandomStream(1) });
 */
export function createEfficientNetEncoder(
  options: EfficientNetOptionsInput,
  context: EncoderContext,
): EfficientNetEncoder {
  return new EfficientNetEncoder(complete(options), ParameterScope.of(context));
}

/**
 * An EfficientNet-Lite with published weights, its classifier left out.
 * @param options absent: as {@link describeEfficientNetEncoder} has them
 * @throws EimError `invalid-file` listing every tensor that does not fit
 * @example
 * const encoder = await loadEfficientNetEncoder(await openPublishedWeights('efficientnet-lite0-57934424.pth'));
 */
export async function loadEfficientNetEncoder(
  weights: PublishedWeights,
  _context: Omit<EncoderContext, 'random'> = {},
  options?: EfficientNetOptionsInput,
): Promise<EfficientNetEncoder> {
  requireEfficientNet(weights);
  const whole = complete(options ?? describeEfficientNetEncoder(weights));
  const scope = ParameterScope.awaitingValues();
  const encoder = new EfficientNetEncoder(whole, scope);
  try {
    const map = pytorchWeightsMap(whole);
    await mapWeights(weights, map, scope.slots(), (name, values) => scope.give(name, values));
    return encoder;
  } catch (error) {
    encoder.dispose();
    throw error;
  }
}
