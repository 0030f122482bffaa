import type { ImageEncoderShape, LanguageModelShape } from '@eim/contracts/model';
import { copied, permuted, transposed, type WeightRule, type WeightsMap } from '@eim/weights';
import { adapterPoints } from '../adapter-points.js';
import type { LavinOptions } from '../lavin-options.js';
import type { LavinLayout } from './lavin-layout.js';

interface Neighbours {
  readonly encoder: ImageEncoderShape;
  readonly llm: LanguageModelShape;
}

/** LaVIN's names of an adapter's two paths. */
const PATHS = ['conv_B', 'conv_D'] as const;

/** How the names of a LaVIN checkpoint become our parameters. The checkpoint holds what learns and nothing else. */
export function lavinWeightsMap(
  options: LavinOptions,
  { encoder, llm }: Neighbours,
  { prefix }: LavinLayout,
): WeightsMap {
  const { projectionSize, encoderAdapters } = options;
  const blocks = encoderAdapters ? adapterPoints('encoder', encoder.insertionPoints, options) : [];
  const clip = `${prefix}backbone.visual.transformer.resblocks.`;
  return {
    rules: [
      ...blocks.flatMap(({ block, width }) =>
        adapterRules(options, `encoder.blocks.${block}`, `${clip}${block}.adapter_attn`, width),
      ),
      ...adapterPoints('llm', llm.insertionPoints, options).flatMap(({ block, width }) =>
        adapterRules(options, `llm.blocks.${block}`, `${prefix}layers.${block}.adapter_attn`, width),
      ),
      ...linear('projection.input', `${prefix}adapter_proj.conv_A`, encoder.tokenSize, projectionSize),
      ...linear('projection.output', `${prefix}adapter_proj.conv_B`, projectionSize, llm.hiddenSize),
      copied('modality.weight', `${prefix}adapter_modality_embedding.weight`, [2, llm.hiddenSize]),
    ],
  };
}

function adapterRules(
  { adapterSize, groups }: LavinOptions,
  ours: string,
  theirs: string,
  width: number,
): WeightRule[] {
  return [
    permuted(`${ours}.down.weight`, `${theirs}.conv_A.weight`, [adapterSize, width, 1], [1, 0, 2]),
    copied(`${ours}.down.bias`, `${theirs}.conv_A.bias`, [adapterSize]),
    ...PATHS.flatMap((path, index) => [
      permuted(
        `${ours}.paths.${index}.weight`,
        `${theirs}.${path}.weight`,
        [width, adapterSize / groups, 1],
        [1, 0, 2],
      ),
      copied(`${ours}.paths.${index}.bias`, `${theirs}.${path}.bias`, [width]),
    ]),
    ...linear(`${ours}.router`, `${theirs}.expert_weights`, width, PATHS.length),
  ];
}

const linear = (ours: string, theirs: string, inputs: number, outputs: number): WeightRule[] => [
  transposed(`${ours}.weight`, { name: `${theirs}.weight`, shape: [outputs, inputs] }),
  copied(`${ours}.bias`, `${theirs}.bias`, [outputs]),
];
