import { copied, type WeightRule, type WeightsMap } from '@eim/weights';
import type { Gpt2Options } from '../gpt2-options.js';

/** The triangle and the number that the published code hides scores with, saved along with the weights. */
const BUFFERS = /(^|\.)attn\.(masked_)?bias$/;
/** Also written beside the table that it is tied to. */
const HEAD = 'lm_head.weight';
/** The mapper of a ClipCap checkpoint. */
const MAPPER = /(^|\.)clip_project\./;

/**
 * How Hugging Face's GPT-2 names become our parameters. Its linear layers are `Conv1D`, whose weights are
 * `[in, out]` as ours, with query, key and value side by side.
 */
export function gpt2WeightsMap(
  options: Gpt2Options & { readonly vocabularySize: number },
  prefix: string,
): WeightsMap {
  const { hiddenSize: size, feedForwardSize, contextLength, blockCount, vocabularySize, tiedHead } = options;
  const head = `${prefix.replace(/transformer\.$/, '')}${HEAD}`;
  const norm = (ours: string, theirs: string): WeightRule[] => [
    copied(`${ours}.gain`, `${prefix}${theirs}.weight`, [size]),
    copied(`${ours}.bias`, `${prefix}${theirs}.bias`, [size]),
  ];
  const linear = (ours: string, theirs: string, inputs: number, outputs: number): WeightRule[] => [
    copied(`${ours}.weight`, `${prefix}${theirs}.weight`, [inputs, outputs]),
    copied(`${ours}.bias`, `${prefix}${theirs}.bias`, [outputs]),
  ];
  const blocks = Array.from({ length: blockCount }, (_, index) => {
    const [ours, theirs] = [`blocks.${index}`, `h.${index}`];
    return [
      ...norm(`${ours}.attentionNorm`, `${theirs}.ln_1`),
      ...linear(`${ours}.attention.queryKeyValue`, `${theirs}.attn.c_attn`, size, 3 * size),
      ...linear(`${ours}.attention.output`, `${theirs}.attn.c_proj`, size, size),
      ...norm(`${ours}.feedForwardNorm`, `${theirs}.ln_2`),
      ...linear(`${ours}.feedForward.input`, `${theirs}.mlp.c_fc`, size, feedForwardSize),
      ...linear(`${ours}.feedForward.output`, `${theirs}.mlp.c_proj`, feedForwardSize, size),
    ];
  });
  return {
    rules: [
      copied('tokens.weight', `${prefix}wte.weight`, [vocabularySize, size]),
      copied('positions.weight', `${prefix}wpe.weight`, [contextLength, size]),
      ...blocks.flat(),
      ...norm('finalNorm', 'ln_f'),
      ...(tiedHead ? [] : [copied('head.weight', head, [vocabularySize, size])]),
    ],
    ignores: (name) => BUFFERS.test(name) || (tiedHead && name === head) || MAPPER.test(name),
  };
}
