import { copied, joined, transposed, type WeightRule } from '@eim/weights';

/** Whose names the weights have: OpenAI's (also open_clip's), or Hugging Face's. */
export type ClipNaming = 'openai' | 'hugging-face';

/** What one transformer of CLIP is called in a file, and its sizes. */
export interface ClipTransformer {
  readonly naming: ClipNaming;
  /** Before the block's number: `visual.transformer.resblocks.`. */
  readonly prefix: string;
  readonly size: number;
  readonly feedForwardSize: number;
  readonly blockCount: number;
}

const NAMES = {
  openai: { norm1: 'ln_1', norm2: 'ln_2', output: 'attn.out_proj', up: 'mlp.c_fc', down: 'mlp.c_proj' },
  'hugging-face': {
    norm1: 'layer_norm1',
    norm2: 'layer_norm2',
    output: 'self_attn.out_proj',
    up: 'mlp.fc1',
    down: 'mlp.fc2',
  },
} as const satisfies Record<ClipNaming, object>;

/** Gain and bias of a layer norm. */
export const normRules = (ours: string, theirs: string, size: number): WeightRule[] => [
  copied(`${ours}.gain`, `${theirs}.weight`, [size]),
  copied(`${ours}.bias`, `${theirs}.bias`, [size]),
];

/** Weight and bias of a PyTorch linear layer. */
export const linearRules = (ours: string, theirs: string, inputs: number, outputs: number): WeightRule[] => [
  transposed(`${ours}.weight`, { name: `${theirs}.weight`, shape: [outputs, inputs] }),
  copied(`${ours}.bias`, `${theirs}.bias`, [outputs]),
];

/** Rules of all blocks: OpenAI has query, key and value in one tensor, Hugging Face in three. */
export function clipBlockRules(transformer: ClipTransformer): WeightRule[] {
  const { naming, prefix, size, feedForwardSize, blockCount } = transformer;
  const names = NAMES[naming];
  return Array.from({ length: blockCount }, (_, index) => {
    const ours = `blocks.${index}`;
    const theirs = `${prefix}${index}.`;
    return [
      ...normRules(`${ours}.attentionNorm`, theirs + names.norm1, size),
      ...queryKeyValueRules(`${ours}.attention.queryKeyValue`, theirs, naming, size),
      ...linearRules(`${ours}.attention.output`, theirs + names.output, size, size),
      ...normRules(`${ours}.feedForwardNorm`, theirs + names.norm2, size),
      ...linearRules(`${ours}.feedForward.input`, theirs + names.up, size, feedForwardSize),
      ...linearRules(`${ours}.feedForward.output`, theirs + names.down, feedForwardSize, size),
    ];
  }).flat();
}

function queryKeyValueRules(ours: string, block: string, naming: ClipNaming, size: number): WeightRule[] {
  if (naming === 'openai') {
    return [
      transposed(`${ours}.weight`, { name: `${block}attn.in_proj_weight`, shape: [3 * size, size] }),
      copied(`${ours}.bias`, `${block}attn.in_proj_bias`, [3 * size]),
    ];
  }
  const parts = ['q_proj', 'k_proj', 'v_proj'].map((part) => `${block}self_attn.${part}`);
  return [
    transposed(
      `${ours}.weight`,
      ...parts.map((part) => ({ name: `${part}.weight`, shape: [size, size] as const })),
    ),
    joined(
      `${ours}.bias`,
      parts.map((part) => ({ name: `${part}.bias`, shape: [size] })),
    ),
  ];
}
