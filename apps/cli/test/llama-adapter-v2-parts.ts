import type { PublishedWeights } from '@eim/contracts';
import type { ModelParts, Parametric, Tensor1D, Tensor4D } from '@eim/contracts/model';
import { encodePictures, injectRows } from '@eim/core';
import clip from '@eim/encoder-clip';
import llama from '@eim/llm-llama';
import sts from '@eim/st-adapters';
import * as tf from '@tensorflow/tfjs-core';
import { joinedWeights } from './adapter-originals.js';
import { Originals, type Tensors } from './originals.js';

export const originals = new Originals('llama-adapter-v2');
export const { 'llama-adapter-v2': entry } = sts.semanticTransforms;
export const KINDS = ['pretrain', 'finetune', 'lora'] as const;
export type Kind = (typeof KINDS)[number];

/** Files of weights of one kind: each kind has those of the kinds before it, too. */
export const filesOf = (kind: Kind): string[] =>
  KINDS.slice(0, KINDS.indexOf(kind) + 1).map((one) => `weights.${one}.safetensors`);

export const FIXED = ['config.json', 'params.json', 'weights.llama.safetensors', 'weights.clip.safetensors'];

export async function openedAll<Result>(
  files: readonly string[],
  use: (weights: PublishedWeights) => Promise<Result>,
  opened: readonly PublishedWeights[] = [],
): Promise<Result> {
  const [file, ...rest] = files;
  if (file === undefined) return use(joinedWeights(...opened));
  return await originals.opened(file, (weights) => openedAll(rest, use, [...opened, weights]));
}

export const headCounts = () => {
  const { visual, clip: tower } = originals.json('config.json');
  return { visual: visual.v_num_heads, clip: tower.heads };
};

export async function loadParts(kind: Kind, options: object = {}): Promise<ModelParts> {
  const files = filesOf(kind);
  const llm = await openedAll(['weights.llama.safetensors', ...files], (weights) =>
    llama.languageModels.llama.load(withNorms({ ...weights, config: originals.json('params.json') }), {}),
  );
  const encoder = await originals.opened('weights.clip.safetensors', (weights) => {
    const { vit } = clip.encoders;
    const given = { ...vit.describe(weights), headCount: headCounts().clip, projectedTokens: true };
    return vit.load(weights, {}, vit.optionsSchema.parse(given));
  });
  const st = await openedAll(files, (weights) => {
    const given = { ...entry.describe(weights), visualHeadCount: headCounts().visual, ...options };
    return entry.load(weights, { encoder, llm }, entry.optionsSchema.parse(given));
  });
  return { encoder, st, llm };
}

/** The norms of a file of the second phase in the place of LLaMA's own. */
export function withNorms(weights: PublishedWeights): PublishedWeights {
  const nameIn = (name: string) => (weights.has(`llama.${name}`) ? `llama.${name}` : name);
  return {
    ...weights,
    tensorNames: weights.tensorNames.filter((name) => /^(layers|norm|output|tok_embeddings)\./.test(name)),
    info: (name) => weights.info(nameIn(name)),
    read: (name) => weights.read(nameIn(name)),
  };
}

/** Pictures `[P, 3, S, S]` of the set as ours, `[P, S, S, 3]`. */
export const pixelsOf = (inputs: Tensors): Tensor4D =>
  tf.transpose(inputs.tensor<tf.Rank.R4>('images'), [0, 2, 3, 1]);

/** Which rows are text alone: their pictures are zeros. */
export function modalityOf(inputs: Tensors): Tensor1D {
  const [rows = 0] = inputs.shape('images');
  const values = inputs.values('images');
  const size = values.length / rows;
  return tf.tensor1d(
    Array.from({ length: rows }, (_, row) =>
      values.slice(row * size, (row + 1) * size).some((one) => one !== 0) ? 1 : 0,
    ),
    'int32',
  );
}

/** What the ST puts into the LLM for rows with a picture each, text alone among them. */
export const injectionOf = (parts: ModelParts, inputs: Tensors, rows?: readonly number[]) => {
  const all = pixelsOf(inputs);
  const picked = rows ? (tf.gather(all, tf.tensor1d([...rows], 'int32')) as Tensor4D) : all;
  const modality = rows
    ? (tf.gather(modalityOf(inputs), tf.tensor1d([...rows], 'int32')) as Tensor1D)
    : modalityOf(inputs);
  const count = picked.shape[0];
  const layout = { rowCount: count, pictureCount: count, rowsPerPicture: 1, modality };
  return injectRows(parts, encodePictures(parts, { pixels: picked }), layout);
};

export const dispose = (parts: Readonly<Record<string, Parametric>>): void => {
  for (const part of Object.values(parts)) part.dispose();
};

/** Whether one of our parameters is (a part of) a published tensor, by their names. */
export function isPartOf(ours: string, theirs: string): boolean {
  const block = /layers\.(\d+)\./.exec(theirs)?.[1];
  const visual = /visual_blocks\.(\d+)\.(.*)$/.exec(theirs);
  const end = theirs.slice(theirs.lastIndexOf('.') + 1);
  const NORMS: Record<string, string> = { weight: 'gain', bias: 'bias' };
  if (theirs === 'adapter_query.weight') return /^blocks\.\d+\.prompts$/.test(ours);
  if (theirs.endsWith('attention.gate')) return ours === `blocks.${block}.gate`;
  if (theirs === 'llama.norm.weight') return ours === 'finalNorm.gain';
  if (theirs.endsWith('attention_norm.weight')) return ours === `blocks.${block}.attentionNorm.gain`;
  if (theirs.endsWith('ffn_norm.weight')) return ours === `blocks.${block}.feedForwardNorm.gain`;
  if (theirs.startsWith('llama.')) {
    const layers: Record<string, string> = {
      'attention.wq': 'attention.query',
      'attention.wo': 'attention.output',
      'feed_forward.w1': 'feedForward.gate',
      'feed_forward.w2': 'feedForward.output',
      'feed_forward.w3': 'feedForward.input',
    };
    const [, layer = ''] = /layers\.\d+\.(.*)\.bias$/.exec(theirs) ?? [];
    return ours === `linears.blocks.${block}.${layers[layer]}.bias`;
  }
  if (visual) {
    const names: Record<string, string> = {
      norm1: `attentionNorm.${NORMS[end]}`,
      norm2: `feedForwardNorm.${NORMS[end]}`,
      'attn.qkv': `attention.queryKeyValue.${end}`,
      'attn.proj': `attention.output.${end}`,
      'mlp.fc1': `feedForward.input.${end}`,
      'mlp.fc2': `feedForward.output.${end}`,
    };
    return ours === `visual.blocks.${visual[1]}.${names[visual[2]!.slice(0, -end.length - 1)]}`;
  }
  const outer: Record<string, string> = {
    clip_proj: `tokenProjection.${end}`,
    clip_proj_norm: `tokenNorm.${NORMS[end]}`,
    visual_query: 'queries',
    visual_proj: `outputProjection.${end}`,
    visual_proj_norm: `outputNorm.${NORMS[end]}`,
  };
  return ours === `visual.${outer[theirs.slice(0, theirs.indexOf('.'))]}`;
}
