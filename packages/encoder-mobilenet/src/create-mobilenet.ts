import { EimError, type PublishedWeights, type WeightsDescription } from '@eim/contracts';
import type { EncoderContext } from '@eim/contracts/model';
import { ParameterScope, parseOptions } from '@eim/nn';
import { mapWeights, type WeightsMap } from '@eim/weights';
import { MobileNetEncoder } from './mobilenet-encoder.js';
import {
  type MobileNetOptions,
  type MobileNetOptionsInput,
  mobileNetOptionsSchema,
} from './mobilenet-options.js';
import { mobileNetPresets } from './mobilenet-presets.js';
import { describedMobileNet, findPrefix } from './weights/described-options.js';
import { huggingFaceWeightsMap } from './weights/hugging-face-weights-map.js';
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
  context: EncoderContext,
): MobileNetEncoder {
  return new MobileNetEncoder(complete(options), ParameterScope.of(context));
}

/** Whether weights are a MobileNetV2's, told by the names and shapes of its first layers. */
export function recogniseMobileNet(weights: WeightsDescription): boolean {
  const { has, info } = weights;
  const isShape = (name: string, shape: readonly (number | undefined)[]): boolean =>
    has(name) && shape.every((side, index) => side === undefined || info(name).shape[index] === side);
  const numbered = isShape('0.w', [undefined, 3, 3, 3]) && isShape('1.w', [1, 3, 3]) && has('63.w');
  return numbered || findPrefix(weights) !== undefined;
}

/**
 * Options of published MobileNetV2 weights: Hugging Face's description where there is one, else those of `v2-1.0-224`.
 * @throws EimError `invalid-file` where they are not MobileNetV2's, or listing what this package does not compute
 */
export function describeMobileNetEncoder(weights: WeightsDescription): MobileNetOptionsInput {
  const prefix = requireNaming(weights);
  return prefix === undefined ? mobileNetPresets['v2-1.0-224'] : describedMobileNet(weights, prefix).options;
}

/**
 * A MobileNetV2 with published weights, its classifier left out: in Hugging Face's names, or with batch norms folded
 * and named by operation.
 * @param options absent: as {@link describeMobileNetEncoder} has them
 * @throws EimError `invalid-file` listing every tensor that does not fit
 */
export async function loadMobileNetEncoder(
  weights: PublishedWeights,
  _context: Omit<EncoderContext, 'random'> = {},
  options?: MobileNetOptionsInput,
): Promise<MobileNetEncoder> {
  const prefix = requireNaming(weights);
  if (prefix === undefined) {
    const whole = complete(options ?? mobileNetPresets['v2-1.0-224']);
    return await load(weights, whole, numberedWeightsMap(whole));
  }
  const described = describedMobileNet(weights, prefix);
  const whole = complete(options ?? described.options);
  return await load(weights, whole, huggingFaceWeightsMap(whole, prefix, described.epsilon));
}

/** What stands before Hugging Face's names; undefined where tensors are named by operation. */
function requireNaming(weights: WeightsDescription): string | undefined {
  const prefix = findPrefix(weights);
  if (prefix !== undefined || weights.has('0.w')) return prefix;
  throw new EimError({
    code: 'invalid-file',
    message: `${weights.name} holds no MobileNetV2: it has neither Hugging Face's names nor, with folded batch norms, a tensor "0.w".`,
    advice: 'Give a Hugging Face folder, or weights named by operation, `0.w`, `0.b`, `1.w` and so on.',
    data: { file: weights.name },
  });
}

async function load(
  weights: PublishedWeights,
  whole: MobileNetOptions,
  map: WeightsMap,
): Promise<MobileNetEncoder> {
  const scope = ParameterScope.awaitingValues();
  const encoder = new MobileNetEncoder(whole, scope);
  try {
    await mapWeights(weights, map, scope.slots(), scope);
    return encoder;
  } catch (error) {
    encoder.dispose();
    throw error;
  }
}
