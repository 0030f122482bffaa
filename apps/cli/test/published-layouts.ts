import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RandomStream } from '@eim/contracts/model';
import { createRandomStream } from '@eim/engine';
import { trainByteBpe } from '@eim/tokenizers';
import type { WeightTensor } from '@eim/weights';
import { writeSafetensorsFile } from '@eim/weights/node';

/** Draws the tensors of a model by name, so that a tensor more changes no other. */
class PublishedTensors {
  readonly all: WeightTensor[] = [];

  constructor(private readonly random: RandomStream) {}

  /** A matrix or vector from a normal distribution. */
  drawn(name: string, shape: readonly number[], deviation = 0.1, mean = 0): void {
    const random = this.random.fork(name);
    const length = shape.reduce((product, side) => product * side, 1);
    const data = Float32Array.from({ length }, () => mean + deviation * random.normal());
    this.all.push({ name, dtype: 'F32', shape: [...shape], data });
  }

  norm(name: string, size: number): void {
    this.drawn(`${name}.weight`, [size], 0.05, 1);
    this.drawn(`${name}.bias`, [size], 0.05);
  }

  /** PyTorch's linear layer, `[out, in]`. */
  linear(name: string, inputs: number, outputs: number): void {
    this.drawn(`${name}.weight`, [outputs, inputs], inputs ** -0.5);
    this.drawn(`${name}.bias`, [outputs], 0.05);
  }

  /** The `Conv1D` of GPT-2's program, `[in, out]`. */
  conv1d(name: string, inputs: number, outputs: number): void {
    this.drawn(`${name}.weight`, [inputs, outputs], inputs ** -0.5);
    this.drawn(`${name}.bias`, [outputs], 0.05);
  }
}

const writeJson = (folder: string, name: string, value: unknown): void =>
  writeFileSync(join(folder, name), `${JSON.stringify(value, null, 2)}\n`);

export interface PublishedClipSizes {
  readonly seed?: number;
  /** Side of the pictures and of a patch, in pixels. */
  readonly imageSize?: number;
  readonly patchSize?: number;
  readonly width?: number;
  readonly headCount?: number;
  readonly blockCount?: number;
  readonly pooledSize?: number;
}

/**
 * A CLIP with a vision transformer as Hugging Face publishes it (`config.json`, `preprocessor_config.json`,
 * `model.safetensors`), without its text tower, tiny and with random weights.
 */
export async function writePublishedClip(folder: string, sizes: PublishedClipSizes = {}): Promise<void> {
  const { seed = 1, imageSize = 16, patchSize = 8, width = 16 } = sizes;
  const { headCount = 2, blockCount = 2, pooledSize = 16 } = sizes;
  mkdirSync(folder, { recursive: true });
  writeJson(folder, 'config.json', {
    architectures: ['CLIPModel'],
    model_type: 'clip',
    projection_dim: pooledSize,
    vision_config: {
      model_type: 'clip_vision_model',
      hidden_act: 'quick_gelu',
      hidden_size: width,
      image_size: imageSize,
      intermediate_size: 4 * width,
      layer_norm_eps: 1e-5,
      num_attention_heads: headCount,
      num_channels: 3,
      num_hidden_layers: blockCount,
      patch_size: patchSize,
    },
  });
  writeJson(folder, 'preprocessor_config.json', {
    image_processor_type: 'CLIPImageProcessor',
    crop_size: { height: imageSize, width: imageSize },
    do_center_crop: true,
    do_convert_rgb: true,
    do_normalize: true,
    do_rescale: true,
    do_resize: true,
    image_mean: [0.48145466, 0.4578275, 0.40821073],
    image_std: [0.26862954, 0.26130258, 0.27577711],
    resample: 3,
    rescale_factor: 1 / 255,
    size: { shortest_edge: imageSize },
  });
  const tensors = new PublishedTensors(createRandomStream(seed));
  const tokenCount = (imageSize / patchSize) ** 2 + 1;
  tensors.drawn('vision_model.embeddings.class_embedding', [width], 0.3);
  tensors.drawn('vision_model.embeddings.patch_embedding.weight', [width, 3, patchSize, patchSize]);
  tensors.drawn('vision_model.embeddings.position_embedding.weight', [tokenCount, width], 0.3);
  tensors.norm('vision_model.pre_layrnorm', width); // spelt so in the published files
  for (let index = 0; index < blockCount; index++) {
    const block = `vision_model.encoder.layers.${index}`;
    tensors.norm(`${block}.layer_norm1`, width);
    for (const part of ['q_proj', 'k_proj', 'v_proj', 'out_proj'])
      tensors.linear(`${block}.self_attn.${part}`, width, width);
    tensors.norm(`${block}.layer_norm2`, width);
    tensors.linear(`${block}.mlp.fc1`, width, 4 * width);
    tensors.linear(`${block}.mlp.fc2`, 4 * width, width);
  }
  tensors.norm('vision_model.post_layernorm', width);
  tensors.drawn('visual_projection.weight', [pooledSize, width], width ** -0.5);
  await writeSafetensorsFile(join(folder, 'model.safetensors'), tensors.all, { format: 'pt' });
}

export interface PublishedGpt2Sizes {
  readonly seed?: number;
  readonly hiddenSize?: number;
  readonly headCount?: number;
  readonly blockCount?: number;
  readonly contextLength?: number;
  /** Upper bound; at least 257, the bytes and the token that ends a text. */
  readonly vocabularySize?: number;
  /** What the vocabulary is trained on. */
  readonly texts?: readonly string[];
}

const TEXTS = [
  'a red circle above a blue square',
  'a small green triangle left of a red circle',
  'two blue squares and a large yellow circle',
];

/** GPT-2's own token, which ends a text and has the last id. */
const END = '<|endoftext|>';

/**
 * A GPT-2 as Hugging Face publishes it (`config.json`, `vocab.json` with `merges.txt`, `model.safetensors` with the names
 * of a model with a head), tiny and with random weights.
 * @returns ids of its vocabulary
 */
export async function writePublishedGpt2(folder: string, sizes: PublishedGpt2Sizes = {}): Promise<number> {
  const { seed = 2, hiddenSize = 16, headCount = 2, blockCount = 2, contextLength = 96 } = sizes;
  mkdirSync(folder, { recursive: true });
  const vocabularySize = writeVocabulary(folder, sizes);
  writeJson(folder, 'config.json', {
    activation_function: 'gelu_new',
    architectures: ['GPT2LMHeadModel'],
    attn_pdrop: 0.1,
    bos_token_id: vocabularySize - 1,
    embd_pdrop: 0.1,
    eos_token_id: vocabularySize - 1,
    layer_norm_epsilon: 1e-5,
    model_type: 'gpt2',
    n_embd: hiddenSize,
    n_head: headCount,
    n_layer: blockCount,
    n_positions: contextLength,
    resid_pdrop: 0.1,
    vocab_size: vocabularySize,
  });
  const tensors = new PublishedTensors(createRandomStream(seed));
  tensors.drawn('transformer.wte.weight', [vocabularySize, hiddenSize]);
  tensors.drawn('transformer.wpe.weight', [contextLength, hiddenSize], 0.05);
  for (let index = 0; index < blockCount; index++) {
    const block = `transformer.h.${index}`;
    tensors.norm(`${block}.ln_1`, hiddenSize);
    tensors.conv1d(`${block}.attn.c_attn`, hiddenSize, 3 * hiddenSize);
    tensors.conv1d(`${block}.attn.c_proj`, hiddenSize, hiddenSize);
    tensors.norm(`${block}.ln_2`, hiddenSize);
    tensors.conv1d(`${block}.mlp.c_fc`, hiddenSize, 4 * hiddenSize);
    tensors.conv1d(`${block}.mlp.c_proj`, 4 * hiddenSize, hiddenSize);
  }
  tensors.norm('transformer.ln_f', hiddenSize);
  await writeSafetensorsFile(join(folder, 'model.safetensors'), tensors.all, { format: 'pt' });
  return vocabularySize;
}

export interface PublishedLlamaSizes {
  readonly seed?: number;
  readonly hiddenSize?: number;
  readonly headCount?: number;
  readonly blockCount?: number;
  readonly contextLength?: number;
  /** What the vocabulary of at most 300 ids is trained on. */
  readonly texts?: readonly string[];
}

/** A LLaMA as Hugging Face publishes it (`config.json`, `tokenizer.json`, `model.safetensors`), tiny and with random weights. */
export async function writePublishedLlama(folder: string, sizes: PublishedLlamaSizes = {}): Promise<void> {
  const { seed = 4, hiddenSize = 16, headCount = 2, blockCount = 2, contextLength = 512 } = sizes;
  mkdirSync(folder, { recursive: true });
  const tokenizer = trainByteBpe(sizes.texts ?? TEXTS, { vocabularySize: 300, lowercase: false });
  const ids = [...Object.values(tokenizer.model.vocab), ...tokenizer.added_tokens.map(({ id }) => id)];
  const vocabularySize = 1 + ids.reduce((highest, id) => Math.max(highest, id), 0);
  writeJson(folder, 'tokenizer.json', tokenizer);
  const feedForwardSize = 2 * hiddenSize;
  writeJson(folder, 'config.json', {
    architectures: ['LlamaForCausalLM'],
    bos_token_id: 0,
    eos_token_id: 1,
    hidden_act: 'silu',
    hidden_size: hiddenSize,
    intermediate_size: feedForwardSize,
    max_position_embeddings: contextLength,
    model_type: 'llama',
    num_attention_heads: headCount,
    num_hidden_layers: blockCount,
    num_key_value_heads: headCount,
    rms_norm_eps: 1e-6,
    rope_theta: 10_000,
    tie_word_embeddings: false,
    vocab_size: vocabularySize,
  });
  const tensors = new PublishedTensors(createRandomStream(seed));
  const matrix = (name: string, inputs: number, outputs: number) =>
    tensors.drawn(`${name}.weight`, [outputs, inputs], inputs ** -0.5);
  matrix('model.embed_tokens', hiddenSize, vocabularySize);
  for (let index = 0; index < blockCount; index++) {
    const block = `model.layers.${index}`;
    tensors.drawn(`${block}.input_layernorm.weight`, [hiddenSize], 0.05, 1);
    for (const part of ['q_proj', 'k_proj', 'v_proj', 'o_proj'])
      matrix(`${block}.self_attn.${part}`, hiddenSize, hiddenSize);
    tensors.drawn(`${block}.post_attention_layernorm.weight`, [hiddenSize], 0.05, 1);
    for (const part of ['gate_proj', 'up_proj']) matrix(`${block}.mlp.${part}`, hiddenSize, feedForwardSize);
    matrix(`${block}.mlp.down_proj`, feedForwardSize, hiddenSize);
  }
  tensors.drawn('model.norm.weight', [hiddenSize], 0.05, 1);
  matrix('lm_head', hiddenSize, vocabularySize);
  await writeSafetensorsFile(join(folder, 'model.safetensors'), tensors.all, { format: 'pt' });
}

/** The vocabulary of a byte-level BPE as GPT-2 has it: bytes, merges, and at the end the token that ends a text. */
function writeVocabulary(
  folder: string,
  { vocabularySize = 300, texts = TEXTS }: PublishedGpt2Sizes,
): number {
  const trained = trainByteBpe(texts, { vocabularySize: vocabularySize + 2, lowercase: false });
  const specials = new Set(trained.added_tokens.map(({ content }) => content));
  const spelt = Object.keys(trained.model.vocab).filter((token) => !specials.has(token));
  const vocabulary = Object.fromEntries([...spelt, END].map((token, id) => [token, id]));
  writeJson(folder, 'vocab.json', vocabulary);
  writeFileSync(join(folder, 'merges.txt'), `#version: 0.2\n${trained.model.merges.join('\n')}\n`);
  return spelt.length + 1;
}

export interface PublishedClipCapSizes {
  readonly seed?: number;
  readonly pooledSize?: number;
  readonly hiddenSize?: number;
  readonly prefixLength?: number;
}

/** ClipCap's MLP mapper under the names of its checkpoints, without the GPT-2 that these also hold, with random weights. */
export async function writePublishedClipCapMlp(
  path: string,
  sizes: PublishedClipCapSizes = {},
): Promise<void> {
  const { seed = 3, pooledSize = 16, hiddenSize = 16, prefixLength = 10 } = sizes;
  const outputs = prefixLength * hiddenSize;
  const tensors = new PublishedTensors(createRandomStream(seed));
  tensors.linear('clip_project.model.0', pooledSize, outputs / 2);
  tensors.linear('clip_project.model.2', outputs / 2, outputs);
  await writeSafetensorsFile(path, tensors.all);
}
