import type { ImageEncoderShape, InsertionPoint } from '@eim/contracts/model';
import { adapterPoints } from '../adapter-points.js';
import type { LavinOptions } from '../lavin-options.js';
import { visualTokensOf } from '../visual-tokens.js';

/** What of the neighbours the names depend on. */
export interface LavinNeighbours {
  readonly encoder: ImageEncoderShape;
  readonly llm: { readonly hiddenSize: number; readonly insertionPoints: readonly InsertionPoint[] };
}

/** One tensor of a LaVIN checkpoint, and the parameter that it is. */
export interface LavinName {
  readonly ours: string;
  /** Without `module.`. */
  readonly theirs: string;
  /** As the checkpoint has it. */
  readonly shape: readonly number[];
  /** Whether our parameter has the first two dimensions the other way round. */
  readonly isTransposed: boolean;
}

/** LaVIN's names of an adapter's two paths. */
const PATHS = ['conv_B', 'conv_D'] as const;

/** All tensors of a checkpoint: what learns and nothing else. */
export function lavinNames(options: LavinOptions, { encoder, llm }: LavinNeighbours): readonly LavinName[] {
  const { projectionSize, encoderAdapters } = options;
  const blocks = encoderAdapters ? adapterPoints('encoder', encoder.insertionPoints, options) : [];
  const clip = 'backbone.visual.transformer.resblocks.';
  return [
    ...blocks.flatMap(({ block, width }) =>
      adapterNames(options, `encoder.blocks.${block}`, `${clip}${block}.adapter_attn`, width),
    ),
    ...adapterPoints('llm', llm.insertionPoints, options).flatMap(({ block, width }) =>
      adapterNames(options, `llm.blocks.${block}`, `layers.${block}.adapter_attn`, width),
    ),
    ...linear('projection.input', 'adapter_proj.conv_A', [
      projectionSize,
      visualTokensOf(options, encoder).width,
    ]),
    ...linear('projection.output', 'adapter_proj.conv_B', [llm.hiddenSize, projectionSize]),
    {
      ours: 'modality.weight',
      theirs: 'adapter_modality_embedding.weight',
      shape: [2, llm.hiddenSize],
      isTransposed: false,
    },
  ];
}

function adapterNames(
  { adapterSize, groups }: LavinOptions,
  ours: string,
  theirs: string,
  width: number,
): LavinName[] {
  return [
    ...linear(`${ours}.down`, `${theirs}.conv_A`, [adapterSize, width, 1]),
    ...PATHS.flatMap((path, index) =>
      linear(`${ours}.paths.${index}`, `${theirs}.${path}`, [width, adapterSize / groups, 1]),
    ),
    ...linear(`${ours}.router`, `${theirs}.expert_weights`, [PATHS.length, width]),
  ];
}

/** @param shape of the weight `[out, in]`, or `[out, in, 1]` of a convolution */
const linear = (ours: string, theirs: string, shape: readonly [number, number, 1?]): LavinName[] => [
  {
    ours: `${ours}.weight`,
    theirs: `${theirs}.weight`,
    shape: shape as readonly number[],
    isTransposed: true,
  },
  { ours: `${ours}.bias`, theirs: `${theirs}.bias`, shape: [shape[0]], isTransposed: false },
];
