import { copied, foldedConvolution, type WeightRule, type WeightsMap } from '@eim/weights';
import { EXPANSION, hasShortcut } from '../resnet/bottleneck.js';
import { bottlenecks } from '../resnet/clip-resnet-encoder.js';
import type { ClipResnetOptions } from '../resnet/clip-resnet-options.js';
import { linearRules } from './clip-block-rules.js';

/** How OpenAI's names of the residual image tower become our parameters. */
export function resnetWeightsMap(options: ClipResnetOptions): WeightsMap {
  const { width, stages, imageSize, pooledSize } = options;
  const size = 32 * width;
  const stem = [3, width / 2, width / 2, width];
  return {
    rules: [
      ...[0, 1, 2].flatMap((index) =>
        foldedConvolution(`stem.${index}`, {
          convolution: `visual.conv${index + 1}`,
          norm: `visual.bn${index + 1}`,
          inputs: stem[index]!,
          outputs: stem[index + 1]!,
          side: 3,
        }),
      ),
      ...bottlenecks(options).flatMap((block, index) =>
        blockRules(`blocks.${index}`, `visual.${placeOf(index, stages)}`, block),
      ),
      copied('pool.positions', 'visual.attnpool.positional_embedding', [(imageSize / 32) ** 2 + 1, size]),
      ...linearRules('pool.query', 'visual.attnpool.q_proj', size, size),
      ...linearRules('pool.key', 'visual.attnpool.k_proj', size, size),
      ...linearRules('pool.value', 'visual.attnpool.v_proj', size, size),
      ...linearRules('pool.output', 'visual.attnpool.c_proj', size, pooledSize),
    ],
    // the text tower lies in the same file; how many batches were seen matters to training alone
    ignores: (name) => !name.startsWith('visual.') || name.endsWith('.num_batches_tracked'),
  };
}

/** `layer2.0` of the block at an index. */
function placeOf(index: number, stages: readonly number[]): string {
  let left = index;
  for (const [stage, count] of stages.entries()) {
    if (left < count) return `layer${stage + 1}.${left}`;
    left -= count;
  }
  throw new RangeError(`There is no block ${index}`);
}

function blockRules(
  ours: string,
  theirs: string,
  block: ReturnType<typeof bottlenecks>[number],
): WeightRule[] {
  const { inputSize, innerSize } = block;
  const layer = (
    name: string,
    convolution: string,
    norm: string,
    inputs: number,
    outputs: number,
    side: number,
  ) =>
    foldedConvolution(`${ours}.${name}`, {
      convolution: `${theirs}.${convolution}`,
      norm: `${theirs}.${norm}`,
      inputs,
      outputs,
      side,
    });
  return [
    ...layer('reduce', 'conv1', 'bn1', inputSize, innerSize, 1),
    ...layer('middle', 'conv2', 'bn2', innerSize, innerSize, 3),
    ...layer('expand', 'conv3', 'bn3', innerSize, innerSize * EXPANSION, 1),
    ...(hasShortcut(block)
      ? layer('shortcut', 'downsample.0', 'downsample.1', inputSize, innerSize * EXPANSION, 1)
      : []),
  ];
}
