/** LLaMA's norms, which learn with V2's biases: our names and those of V2's files. */
export const llamaNormNames = (blockCount: number): readonly (readonly [ours: string, theirs: string])[] => [
  ['finalNorm.gain', 'llama.norm.weight'],
  ...Array.from({ length: blockCount }, (_, block): [string, string][] => [
    [`blocks.${block}.attentionNorm.gain`, `llama.layers.${block}.attention_norm.weight`],
    [`blocks.${block}.feedForwardNorm.gain`, `llama.layers.${block}.ffn_norm.weight`],
  ]).flat(),
];
