import {
  EimError,
  type EncoderContext,
  type PublishedWeights,
  type WeightsDescription,
} from '@eim/core/contracts';
import { ParameterScope, parseOptions } from '@eim/nn';
import { mapWeights } from '@eim/weights';
import { MobileNetEncoder } from './mobilenet-encoder.js';
import {
  type MobileNetOptions,
  type MobileNetOptionsInput,
  mobileNetOptionsSchema,
} from './mobilenet-options.js';
import { mobileNetPresets } from './mobilenet-presets.js';
import { numberedWeightsMap } from './weights/numbered-weights-map.js';

const complete = (options: MobileNetOptionsInput): MobileNetOptions =>
  parseOptions<MobileNetOptions>(mobileNetOptionsSchema, options, 'MobileNetV2');

/**
 * A MobileNetV2 with freshly initialised parameters.
 * @param options a preset of `mobileNetPresets`, or one's own sizes
 * @throws EimError `invalid-argument` for options that cannot be
 */
export function createMobileNetEncoder(
  options: MobileNetOptionsInput,
  { random }: EncoderContext,
): MobileNetEncoder {
  return new MobileNetEncoder(complete(options), ParameterScope.root(random));
}

/** Whether weights are a MobileNetV2's, told by the names and shapes of its first layers. */
export function recogniseMobileNet({ has, info }: WeightsDescription): boolean {
  const isShape = (name: string, shape: readonly (number | undefined)[]): boolean =>
    has(name) && shape.every((side, index) => side === undefined || info(name).shape[index] === side);
  return isShape('0.w', [undefined, 3, 3, 3]) && isShape('1.w', [1, 3, 3]) && has('63.w');
}

/**
 * A MobileNetV2 with published weights, batch norms folded and named by operation, its classifier left out.
 * @param options absent: those of `v2-1.0-224`
 * @throws EimError `invalid-file` listing every tensor that does not fit
 */
export async function loadMobileNetEncoder(
  weights: PublishedWeights,
  _context: Omit<EncoderContext, 'random'> = {},
  options: MobileNetOptionsInput = mobileNetPresets['v2-1.0-224'],
): Promise<MobileNetEncoder> {
  if (!weights.has('0.w')) {
    throw new EimError({
      code: 'invalid-file',
      message: `${weights.name} holds no MobileNetV2 with folded batch norms: it has no tensor "0.w".`,
      advice: 'Give weights named by operation, `0.w`, `0.b`, `1.w` and so on.',
      data: { file: weights.name },
    });
  }
  const whole = complete(options);
  const scope = ParameterScope.awaitingValues();
  const encoder = new MobileNetEncoder(whole, scope);
  try {
    await mapWeights(weights, numberedWeightsMap(whole), scope.slots(), (name, values) =>
      scope.give(name, values),
    );
    return encoder;
  } catch (error) {
    encoder.dispose();
    throw error;
  }
}
