import type { WeightRule, WeightsMap } from '@eim/weights';
import { copied, transposed } from '@eim/weights';
import type { LlamaAdapterOptions } from '../llama-adapter-options.js';
import { gateRules, type PromptSizes, promptRules } from './prompt-rules.js';

/** What the file of V1's adapters is beside: LLaMA in Meta's names. Other names are refused as unknown. */
const LLAMA =
  /^(tok_embeddings|norm|output)\.weight$|^layers\.\d+\.(attention\.w[qkvo]|feed_forward\.w[123]|attention_norm|ffn_norm)\.weight$|^rope\.freqs$/;

/**
 * How V1's published names become our parameters. The file lists the gates of all blocks, also of those without prompts.
 * The picture's projection has names of our own, since no published file has one.
 */
export function llamaAdapterWeightsMap(
  { visual }: Pick<LlamaAdapterOptions, 'visual'>,
  sizes: PromptSizes & { readonly visualSize: number },
): WeightsMap {
  const { blockCount, layerCount, headCount, hiddenSize, visualSize } = sizes;
  const adapted = Array.from({ length: layerCount }, (_, index) => blockCount - layerCount + index);
  const linear = (name: string, inputs: number, outputs: number): WeightRule[] => [
    transposed(`${name}.weight`, { name: `${name}.weight`, shape: [outputs, inputs] }),
    copied(`${name}.bias`, `${name}.bias`, [outputs]),
  ];
  const unread = new Set(
    gateRules(
      Array.from({ length: blockCount - layerCount }, (_, block) => block),
      headCount,
    ).flatMap(({ sources }) => sources.map(({ name }) => name)),
  );
  return {
    rules: [
      ...promptRules(sizes),
      ...gateRules(adapted, headCount),
      ...(visual
        ? [
            ...linear('visual.input', visualSize, visual.hiddenSize),
            ...linear('visual.output', visual.hiddenSize, hiddenSize),
          ]
        : []),
    ],
    ignores: (name) => LLAMA.test(name) || unread.has(name),
  };
}
