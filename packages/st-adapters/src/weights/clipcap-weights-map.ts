import { copied, transposed, type WeightRule, type WeightsMap } from '@eim/weights';
import type { ClipCapMlpOptions } from '../clipcap-mlp-options.js';
import type { ClipCapTransformerOptions } from '../clipcap-transformer-options.js';

/** Widths between which a mapper stands. */
export interface MapperWidths {
  readonly pooledSize: number;
  readonly hiddenSize: number;
}

const linear = (ours: string, theirs: string, inputs: number, outputs: number): WeightRule[] => [
  transposed(`${ours}.weight`, { name: `${theirs}.weight`, shape: [outputs, inputs] }),
  copied(`${ours}.bias`, `${theirs}.bias`, [outputs]),
];

const norm = (ours: string, theirs: string, size: number): WeightRule[] => [
  copied(`${ours}.gain`, `${theirs}.weight`, [size]),
  copied(`${ours}.bias`, `${theirs}.bias`, [size]),
];

/** GPT-2 lies in the same file. */
const others = (prefix: string) => (name: string) => !name.startsWith(prefix);

/** How ClipCap's names of the MLP mapper become our parameters. */
export function clipCapMlpWeightsMap(
  { prefixLength }: ClipCapMlpOptions,
  { pooledSize, hiddenSize }: MapperWidths,
  prefix: string,
): WeightsMap {
  const outputs = hiddenSize * prefixLength;
  const inner = Math.floor(outputs / 2);
  return {
    rules: [
      ...linear('input', `${prefix}model.0`, pooledSize, inner),
      ...linear('output', `${prefix}model.2`, inner, outputs),
    ],
    ignores: others(prefix),
  };
}

/** How ClipCap's names of the transformer mapper become our parameters; keys and values lie in one matrix, queries apart. */
export function clipCapTransformerWeightsMap(
  options: ClipCapTransformerOptions,
  { pooledSize, hiddenSize: size }: MapperWidths,
  prefix: string,
): WeightsMap {
  const { prefixLength, clipLength, blockCount, feedForwardRatio } = options;
  const feedForwardSize = Math.floor(feedForwardRatio * size);
  const blocks = Array.from({ length: blockCount }, (_, index) => {
    const ours = `blocks.${index}`;
    const theirs = `${prefix}transformer.layers.${index}`;
    return [
      ...norm(`${ours}.attentionNorm`, `${theirs}.norm1`, size),
      transposed(
        `${ours}.attention.queryKeyValue.weight`,
        { name: `${theirs}.attn.to_queries.weight`, shape: [size, size] },
        { name: `${theirs}.attn.to_keys_values.weight`, shape: [2 * size, size] },
      ),
      ...linear(`${ours}.attention.output`, `${theirs}.attn.project`, size, size),
      ...norm(`${ours}.feedForwardNorm`, `${theirs}.norm2`, size),
      ...linear(`${ours}.feedForward.input`, `${theirs}.mlp.fc1`, size, feedForwardSize),
      ...linear(`${ours}.feedForward.output`, `${theirs}.mlp.fc2`, feedForwardSize, size),
    ];
  });
  return {
    rules: [
      ...linear('spread', `${prefix}linear`, pooledSize, clipLength * size),
      copied('constants', `${prefix}prefix_const`, [prefixLength, size]),
      ...blocks.flat(),
    ],
    ignores: others(prefix),
  };
}
