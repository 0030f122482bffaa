import { elementCount } from '../dtype.js';
import type { TensorDescription } from '../weight-file.js';
import type { Llama2cConfig, Llama2cHeader } from './llama2c-config.js';

/** Where one matrix of a llama2.c file lies. */
export interface Llama2cTensor extends TensorDescription {
  /** From the start of the file. */
  readonly offset: number;
}

interface Run {
  /** `*` stands for the layer; absent where nothing is kept of the run. */
  readonly name?: string;
  readonly shape: readonly number[];
}

/** Bytes that a file with this header has. */
export function llama2cBytes(header: Llama2cHeader): number {
  return runsOf(header).reduce(
    (bytes, { name, shape }) => bytes + 4 * elementCount(shape) * timesIn(name, header.config),
    header.byteLength,
  );
}

/** All tensors, under Meta's names, in the order of the file. */
export function llama2cTensors(header: Llama2cHeader): Map<string, Llama2cTensor> {
  const tensors = new Map<string, Llama2cTensor>();
  let offset = header.byteLength;
  for (const { name: pattern, shape } of runsOf(header)) {
    for (let layer = 0; layer < timesIn(pattern, header.config); layer++) {
      if (pattern) {
        const name = pattern.replace('*', String(layer));
        tensors.set(name, { name, dtype: 'F32', encoding: 'F32', shape, offset });
      }
      offset += 4 * elementCount(shape);
    }
  }
  return tensors;
}

function timesIn(name: string | undefined, { n_layers }: Llama2cConfig): number {
  return name?.includes('*') ? n_layers : 1;
}

/** `legacy_export` and `version1_export` of karpathy/llama2.c, export.py. */
function runsOf({ version, config, sharedClassifier }: Llama2cHeader): Run[] {
  const { dim, hidden_dim: hidden, vocab_size: vocabulary } = config;
  const headSize = dim / config.n_heads;
  const keys = headSize * config.n_kv_heads;
  const embedding = { name: 'tok_embeddings.weight', shape: [vocabulary, dim] };
  const attentionNorm = { name: 'layers.*.attention_norm.weight', shape: [dim] };
  const feedForwardNorm = { name: 'layers.*.ffn_norm.weight', shape: [dim] };
  const norm = { name: 'norm.weight', shape: [dim] };
  const attention = [
    { name: 'layers.*.attention.wq.weight', shape: [dim, dim] },
    { name: 'layers.*.attention.wk.weight', shape: [keys, dim] },
    { name: 'layers.*.attention.wv.weight', shape: [keys, dim] },
    { name: 'layers.*.attention.wo.weight', shape: [dim, dim] },
  ];
  const feedForward = [
    { name: 'layers.*.feed_forward.w1.weight', shape: [hidden, dim] },
    { name: 'layers.*.feed_forward.w2.weight', shape: [dim, hidden] },
    { name: 'layers.*.feed_forward.w3.weight', shape: [hidden, dim] },
  ];
  // Cosines and sines of the rotary embedding, which follow from the sizes.
  const rotary = { shape: [2, config.max_seq_len, headSize / 2] };
  const classifier = sharedClassifier ? [] : [{ name: 'output.weight', shape: [vocabulary, dim] }];
  return version === 0
    ? [embedding, attentionNorm, ...attention, feedForwardNorm, ...feedForward, norm, rotary, ...classifier]
    : [attentionNorm, feedForwardNorm, norm, embedding, ...attention, ...feedForward, ...classifier];
}
