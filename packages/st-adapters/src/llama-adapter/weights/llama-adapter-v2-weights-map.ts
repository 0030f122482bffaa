import type { LanguageModelShape, TunableLinear } from '@eim/contracts/model';
import { copied, rotaryRow, transposed, type WeightRule, type WeightsMap } from '@eim/weights';
import { hasBias } from '../linear-additions.js';
import type { LlamaAdapterV2Options } from '../llama-adapter-v2-options.js';
import { gateRules, type PromptSizes, promptRules } from './prompt-rules.js';

export interface V2Sizes extends PromptSizes {
  /** Of the picture's tokens. */
  readonly tokenSize: number;
  readonly linears: readonly TunableLinear[];
}

const LINEARS: Readonly<Record<string, string>> = {
  'attention.query': 'attention.wq',
  'attention.key': 'attention.wk',
  'attention.value': 'attention.wv',
  'attention.output': 'attention.wo',
  'feedForward.gate': 'feed_forward.w1',
  'feedForward.output': 'feed_forward.w2',
  'feedForward.input': 'feed_forward.w3',
};

/** What else lies in V2's files: CLIP, and LLaMA with its norms, which the LLM reads. Other names are refused as unknown. */
const OTHERS =
  /^clip\.|^llama\.(tok_embeddings|norm|output)\.weight$|^llama\.layers\.\d+\.(attention\.w[qkvo]|feed_forward\.w[123]|attention_norm|ffn_norm)\.weight$/;

const norm = (ours: string, theirs: string, size: number): WeightRule[] => [
  copied(`${ours}.gain`, `${theirs}.weight`, [size]),
  copied(`${ours}.bias`, `${theirs}.bias`, [size]),
];

const linear = (ours: string, theirs: string, inputs: number, outputs: number): WeightRule[] => [
  transposed(`${ours}.weight`, { name: `${theirs}.weight`, shape: [outputs, inputs] }),
  copied(`${ours}.bias`, `${theirs}.bias`, [outputs]),
];

/** Zeros for a parameter that a file of an earlier phase has not. */
const begunAtZero = (target: string, size: number): WeightRule => ({
  target,
  sources: [],
  combine: () => new Float32Array(size),
});

/**
 * How V2's published names become our parameters.
 * @param written whether the file has biases; those of a file of the first phase begin at 0
 */
export function llamaAdapterV2WeightsMap(
  options: LlamaAdapterV2Options,
  sizes: V2Sizes,
  written: { readonly biases: boolean },
): WeightsMap {
  const { blockCount, headCount } = sizes;
  const every = Array.from({ length: blockCount }, (_, block) => block);
  return {
    rules: [
      ...visualRules(options, sizes),
      ...promptRules(sizes),
      ...gateRules(every, headCount, 'llama.'),
      ...(options.biases || options.loraRank
        ? sizes.linears.flatMap((layer) => additionRules(layer, options, sizes, written))
        : []),
      ...(options.loraRank
        ? every.map((block) =>
            copied(`blocks.${block}.promptScale`, `llama.layers.${block}.attention.new_gate`, [1, 1, 1, 1]),
          )
        : []),
    ],
    ignores: (name) => OTHERS.test(name),
  };
}

function visualRules(options: LlamaAdapterV2Options, { tokenSize, hiddenSize }: V2Sizes): WeightRule[] {
  const { visualSize: size, visualBlockCount, visualFeedForwardRatio, promptLength } = options;
  const inner = Math.floor(visualFeedForwardRatio * size);
  const blocks = Array.from({ length: visualBlockCount }, (_, index) => {
    const ours = `visual.blocks.${index}`;
    const theirs = `visual_blocks.${index}`;
    return [
      ...norm(`${ours}.attentionNorm`, `${theirs}.norm1`, size),
      ...linear(`${ours}.attention.queryKeyValue`, `${theirs}.attn.qkv`, size, 3 * size),
      ...linear(`${ours}.attention.output`, `${theirs}.attn.proj`, size, size),
      ...norm(`${ours}.feedForwardNorm`, `${theirs}.norm2`, size),
      ...linear(`${ours}.feedForward.input`, `${theirs}.mlp.fc1`, size, inner),
      ...linear(`${ours}.feedForward.output`, `${theirs}.mlp.fc2`, inner, size),
    ];
  });
  return [
    ...linear('visual.tokenProjection', 'clip_proj', tokenSize, size),
    ...norm('visual.tokenNorm', 'clip_proj_norm', size),
    copied('visual.queries', 'visual_query.weight', [promptLength, size]),
    ...blocks.flat(),
    ...linear('visual.outputProjection', 'visual_proj', size, hiddenSize),
    ...norm('visual.outputNorm', 'visual_proj_norm', hiddenSize),
  ];
}

/** What is added to one linear layer. Outputs that positions turn stand in Meta's order in the file, in halves here. */
function additionRules(
  layer: TunableLinear,
  { biases, loraRank }: LlamaAdapterV2Options,
  { hiddenSize, headCount }: Pick<LanguageModelShape, 'hiddenSize' | 'headCount'>,
  written: { readonly biases: boolean },
): WeightRule[] {
  const { name, block, inputSize, outputSize } = layer;
  const inBlock = name.slice(`blocks.${block}.`.length);
  const published = LINEARS[inBlock]!;
  const theirs = `llama.layers.${block}.${published}`;
  const turned = /attention\.(query|key)$/.test(inBlock);
  const rowOf = turned ? rotaryRow(hiddenSize / headCount) : (row: number) => row;
  const bias = (): WeightRule => ({
    target: `linears.${name}.bias`,
    sources: [{ name: `${theirs}.bias`, shape: [outputSize] }],
    combine: ([values]) => values!.map((_, row) => values![rowOf(row)]!),
  });
  const [module, weight] = published.split('.') as [string, string];
  const lora = (half: 1 | 2) => `llama.layers.${block}.${module}.lora_${weight}_l${half}.weight`;
  return [
    ...(biases && hasBias(layer)
      ? [written.biases ? bias() : begunAtZero(`linears.${name}.bias`, outputSize)]
      : []),
    ...(loraRank
      ? [
          transposed(`linears.${name}.down`, { name: lora(1), shape: [loraRank, inputSize] }),
          transposed(`linears.${name}.up`, { name: lora(2), shape: [outputSize, loraRank], rowOf }),
        ]
      : []),
  ];
}
