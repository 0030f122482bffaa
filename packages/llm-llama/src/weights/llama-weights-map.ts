import { copied, rotaryRow, type WeightRule, type WeightsMap } from '@eim/weights';
import { headSizeOf, type LlamaOptions } from '../llama-options.js';
import type { LlamaLayout, LlamaNaming } from './llama-layout.js';
import {
  besideEachOther,
  biasesBesideEachOther,
  embeddingTable,
  type LinearPart,
  stackedInputs,
} from './shard-rules.js';

/** What each tensor of a block is called, `N` being the block's index. */
const BLOCK_NAMES: Readonly<Record<LlamaNaming, Readonly<Record<string, string>>>> = {
  meta: {
    attentionNorm: 'layers.N.attention_norm',
    query: 'layers.N.attention.wq',
    key: 'layers.N.attention.wk',
    value: 'layers.N.attention.wv',
    output: 'layers.N.attention.wo',
    feedForwardNorm: 'layers.N.ffn_norm',
    gate: 'layers.N.feed_forward.w1',
    up: 'layers.N.feed_forward.w3',
    down: 'layers.N.feed_forward.w2',
  },
  'hugging-face': {
    attentionNorm: 'model.layers.N.input_layernorm',
    query: 'model.layers.N.self_attn.q_proj',
    key: 'model.layers.N.self_attn.k_proj',
    value: 'model.layers.N.self_attn.v_proj',
    output: 'model.layers.N.self_attn.o_proj',
    feedForwardNorm: 'model.layers.N.post_attention_layernorm',
    gate: 'model.layers.N.mlp.gate_proj',
    up: 'model.layers.N.mlp.up_proj',
    down: 'model.layers.N.mlp.down_proj',
  },
  gguf: {
    attentionNorm: 'blk.N.attn_norm',
    query: 'blk.N.attn_q',
    key: 'blk.N.attn_k',
    value: 'blk.N.attn_v',
    output: 'blk.N.attn_output',
    feedForwardNorm: 'blk.N.ffn_norm',
    gate: 'blk.N.ffn_gate',
    up: 'blk.N.ffn_up',
    down: 'blk.N.ffn_down',
  },
};

const OUTER_NAMES = {
  meta: { tokens: 'tok_embeddings', norm: 'norm', head: 'output' },
  'hugging-face': { tokens: 'model.embed_tokens', norm: 'model.norm', head: 'lm_head' },
  gguf: { tokens: 'token_embd', norm: 'output_norm', head: 'output' },
} as const satisfies Record<LlamaNaming, object>;

/** Buffers that the published code computes anew: frequencies of the rotary embedding. */
const BUFFERS = /(^|[.:])(rotary_emb\.inv_freq|rope\.freqs|rope_freqs\.weight|freqs_cis_(real|imag))$/;

/**
 * What LLaMA-Adapter adds to LLaMA and keeps under its names, which an ST reads from the same file: prompts and gates, and in
 * V2, where `llama.` stands before the names, biases and matrices of low rank.
 */
const ADAPTER = /^adapter_query\.weight$|^(llama\.)?layers\.\d+\.attention\.gate$/;
const ADAPTER_V2 =
  /^llama\.layers\.\d+\.(attention\.(new_gate|w[qo]\.bias|lora_w[qkvo]_l[12]\.weight)|feed_forward\.(w[123]\.bias|lora_w[123]_l[12]\.weight))$/;

/** How LLaMA weights of any of the published layouts become our parameters. */
export function llamaWeightsMap(
  options: LlamaOptions & { readonly vocabularySize: number },
  { naming, shards, tableSplit }: LlamaLayout,
): WeightsMap {
  const { hiddenSize, headCount, blockCount, feedForwardSize, vocabularySize, tiedHead } = options;
  const headSize = headSizeOf(options);
  const querySize = headSize * headCount;
  const keyValueSize = headSize * (options.keyValueHeadCount ?? headCount);
  const rowOf = naming === 'hugging-face' ? undefined : rotaryRow(headSize);
  const outer = OUTER_NAMES[naming];
  const norm = (target: string, name: string): WeightRule =>
    copied(target, `${shards[0]}${name}.weight`, [hiddenSize]);

  const block = (index: number): WeightRule[] => {
    const ours = `blocks.${index}`;
    const nameOf = (key: string): string => BLOCK_NAMES[naming][key]!.replace('N', String(index));
    const part = (key: string, outputs: number, inputs: number, turned = false): LinearPart => ({
      name: nameOf(key),
      outputs,
      inputs,
      rowOf: turned ? rowOf : undefined,
    });
    const inputs = [
      part('query', querySize, hiddenSize, true),
      part('key', keyValueSize, hiddenSize, true),
      part('value', keyValueSize, hiddenSize),
    ];
    const gate = [part('gate', feedForwardSize, hiddenSize)];
    const up = [part('up', feedForwardSize, hiddenSize)];
    // what a layer that is split by inputs adds stands whole in every shard
    const added = (target: string, key: string): WeightRule =>
      copied(`${ours}.${target}.bias`, `${shards[0]}${nameOf(key)}.bias`, [hiddenSize]);
    const biases = (target: string, parts: LinearPart[]): WeightRule =>
      biasesBesideEachOther(`${ours}.${target}.bias`, shards, parts);
    return [
      norm(`${ours}.attentionNorm.gain`, nameOf('attentionNorm')),
      besideEachOther(`${ours}.attention.queryKeyValue.weight`, shards, inputs),
      ...(options.queryKeyValueBias ? [biases('attention.queryKeyValue', inputs)] : []),
      stackedInputs(`${ours}.attention.output.weight`, shards, part('output', hiddenSize, querySize)),
      ...(options.attentionOutputBias ? [added('attention.output', 'output')] : []),
      norm(`${ours}.feedForwardNorm.gain`, nameOf('feedForwardNorm')),
      besideEachOther(`${ours}.feedForward.gate.weight`, shards, gate),
      besideEachOther(`${ours}.feedForward.input.weight`, shards, up),
      stackedInputs(`${ours}.feedForward.output.weight`, shards, part('down', hiddenSize, feedForwardSize)),
      ...(options.feedForwardBias
        ? [
            biases('feedForward.gate', gate),
            biases('feedForward.input', up),
            added('feedForward.output', 'down'),
          ]
        : []),
    ];
  };

  const head = `${outer.head}.weight`;
  return {
    rules: [
      embeddingTable(
        'tokens.weight',
        shards,
        `${outer.tokens}.weight`,
        vocabularySize,
        hiddenSize,
        tableSplit,
      ),
      ...Array.from({ length: blockCount }, (_, index) => block(index)).flat(),
      norm('finalNorm.gain', outer.norm),
      ...(tiedHead ? [] : [embeddingTable('head.weight', shards, head, vocabularySize, hiddenSize, 'rows')]),
    ],
    ignores: (name) =>
      (naming === 'meta' && (ADAPTER.test(name) || ADAPTER_V2.test(name))) ||
      (shards[0] === 'llama.' && !name.startsWith('llama.')) ||
      BUFFERS.test(name) ||
      (tiedHead && name.endsWith(head)) ||
      // every further shard repeats the norms
      (shards.length > 1 && /norm\.weight$/.test(name)),
  };
}
