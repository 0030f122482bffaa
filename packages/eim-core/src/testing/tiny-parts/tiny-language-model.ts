import type { SpecialTokens, Tokenizer } from '@eim/contracts';
import type {
  ForwardOptions,
  ForwardResult,
  GeneratedStep,
  GenerateRequest,
  LanguageModel,
  Parameter,
  RandomStream,
} from '@eim/contracts/model';
import * as tf from '@tensorflow/tfjs-core';
import { createParameter } from './create-parameter.js';
import { TinyCache, tinyAttentionBias } from './tiny-attention.js';
import { generateGreedily } from './tiny-generate.js';

export interface TinyLanguageModelOptions {
  readonly random: RandomStream;
  readonly tokenizer?: Tokenizer;
  /** @default the tokenizer's, or 12 */
  readonly vocabularySize?: number;
  /** @default 8 */
  readonly hiddenSize?: number;
  /** @default 16 */
  readonly contextLength?: number;
}

/** One block of single-head causal attention with an adapter, a gain, and an output head. */
export class TinyLanguageModel implements LanguageModel {
  readonly hiddenSize: number;
  readonly vocabularySize: number;
  readonly contextLength: number;
  readonly blockCount = 1;
  readonly headCount = 1;
  readonly insertionPoints: LanguageModel['insertionPoints'];
  readonly specialTokens: SpecialTokens;
  readonly tokenizer?: Tokenizer;
  private readonly byName = new Map<string, Parameter>();

  constructor(options: TinyLanguageModelOptions) {
    const { random, tokenizer, hiddenSize = 8, contextLength = 16 } = options;
    const vocabularySize = options.vocabularySize ?? tokenizer?.vocabularySize ?? 12;
    this.hiddenSize = hiddenSize;
    this.vocabularySize = vocabularySize;
    this.contextLength = contextLength;
    this.specialTokens = tokenizer?.specialTokens ?? { pad: 0, begin: 1, end: 2 };
    if (tokenizer) this.tokenizer = tokenizer;
    this.insertionPoints = [
      { name: 'blocks.0.attention.input', block: 0, position: 'attention.input', width: hiddenSize },
    ];
    const create = (
      name: string,
      shape: number[],
      role: Parameter['role'],
      depth: number,
      constant?: number,
    ) =>
      this.byName.set(
        name,
        createParameter(name, shape, {
          role,
          depth,
          random,
          ...(constant === undefined ? {} : { constant }),
        }),
      );
    create('token.weight', [vocabularySize, hiddenSize], 'embedding', 0);
    create('position.weight', [contextLength, hiddenSize], 'position', 0);
    for (const name of ['query', 'key', 'value', 'output']) {
      create(`blocks.0.${name}.weight`, [hiddenSize, hiddenSize], 'weight', 1);
    }
    create('blocks.0.adapter.weight', [hiddenSize, hiddenSize], 'adapter', 1, 0);
    create('norm.gain', [hiddenSize], 'norm', 2, 1);
    create('head.weight', [hiddenSize, vocabularySize], 'weight', 2);
    create('head.bias', [vocabularySize], 'bias', 2, 0);
  }

  embed(ids: tf.Tensor2D): tf.Tensor3D {
    return tf.gather<tf.Tensor>(this.tensor('token.weight'), ids) as tf.Tensor3D; // [B, T, H]
  }

  forward(embeddings: tf.Tensor3D, options: ForwardOptions = {}): ForwardResult {
    const [batch, length, width] = embeddings.shape;
    const past = options.cache as TinyCache | undefined;
    const start = past?.length ?? 0;
    const flat = (x: tf.Tensor) => tf.reshape(x, [batch * length, width]) as tf.Tensor2D; // [B*T, H]
    const project = (x: tf.Tensor2D, name: string) =>
      tf.matMul<tf.Tensor2D>(x, this.tensor(`blocks.0.${name}.weight`));
    const deep = (x: tf.Tensor2D) => tf.reshape(x, [batch, length, width]) as tf.Tensor3D; // [B, T, H]

    const positions = options.positions ?? tf.range(start, start + length, 1, 'int32');
    const position = tf.gather(this.tensor('position.weight'), positions as tf.Tensor1D); // [T or B,T, H]
    const x = flat(tf.add(embeddings, position)); // [B*T, H]
    const adapter = options.injection?.blockAdapters?.get('blocks.0.attention.input');
    const routes = past?.routes ?? adapter?.route?.(x, { batch, length }); // [B, routes]
    const entering = adapter ? adapter.apply(x, { batch, length }, routes) : x; // [B*T, H]

    const newKey = deep(project(entering, 'key')); // [B, T, H]
    const newValue = deep(project(entering, 'value')); // [B, T, H]
    const key = past ? tf.concat([past.key, newKey], 1) : newKey; // [B, S, H]
    const value = past ? tf.concat([past.value, newValue], 1) : newValue; // [B, S, H]
    const scores = tf.matMul(deep(project(entering, 'query')), key, false, true); // [B, T, S]
    const visible = options.injection?.prefix?.visibleToLater;
    const bias = tinyAttentionBias(length, start + length, options.mask, visible); // [B or 1, T, S]
    const attended = tf.matMul(tf.softmax(tf.add(tf.div(scores, Math.sqrt(width)), bias)), value); // [B, T, H]
    const block = tf.add<tf.Tensor2D>(x, project(flat(attended), 'output')); // [B*T, H]
    const adapted = tf.add<tf.Tensor2D>(block, project(block, 'adapter')); // [B*T, H]
    const normed = tf.mul<tf.Tensor2D>(tf.tanh(adapted), this.tensor('norm.gain')); // [B*T, H]
    const rows = options.select ? tf.gather<tf.Tensor2D>(normed, options.select) : normed; // [N, H]
    const logits = tf.add<tf.Tensor2D>(tf.matMul(rows, this.tensor('head.weight')), this.tensor('head.bias')); // [N, V]
    return options.useCache
      ? {
          logits: logits,
          cache: new TinyCache(
            tf.keep(tf.clone(key)),
            tf.keep(tf.clone(value)),
            routes && tf.keep(tf.clone(routes)),
          ),
        }
      : { logits: logits };
  }

  generate(request: GenerateRequest): AsyncIterable<GeneratedStep> {
    return generateGreedily(this, request);
  }

  parameters(): readonly Parameter[] {
    return [...this.byName.values()];
  }

  dispose(): void {
    for (const { variable } of this.parameters()) variable.dispose();
  }

  private tensor(name: string): tf.Tensor2D {
    return this.byName.get(name)!.variable as unknown as tf.Tensor2D;
  }
}
