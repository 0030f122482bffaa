import type { SpecialTokens, Tokenizer } from '@eim/contracts';
import type {
  BlockStart,
  ForwardOptions,
  ForwardResult,
  GeneratedStep,
  GenerateRequest,
  LanguageModel,
  LinearTuning,
  Parameter,
  RandomStream,
  TunableLinear,
} from '@eim/contracts/model';
import { recomputed } from '@eim/engine';
import * as tf from '@tensorflow/tfjs-core';
import { createParameter } from './create-parameter.js';
import { tinyAttentionBias, tinyPositions } from './tiny-attention.js';
import { TinyCache } from './tiny-cache.js';
import { generateTinily } from './tiny-generate.js';

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

const LINEARS = ['query', 'key', 'value', 'output'];

/** One block of single-head causal attention with an adapter, a gain, and an output head. */
export class TinyLanguageModel implements LanguageModel {
  readonly hiddenSize: number;
  readonly vocabularySize: number;
  readonly contextLength: number;
  readonly blockCount = 1;
  readonly headCount = 1;
  readonly recomputesBlocks = true;
  readonly insertionPoints: LanguageModel['insertionPoints'];
  readonly linears: readonly TunableLinear[];
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
    this.linears = LINEARS.map((name) => ({
      name: `blocks.0.${name}`,
      block: 0,
      inputSize: hiddenSize,
      outputSize: hiddenSize,
    }));
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
    for (const name of LINEARS) {
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
    const { useCache, positions, recomputeBlocks } = options;
    const [batch, length, width] = embeddings.shape;
    const past = options.cache as TinyCache | undefined;
    const at = positions ?? tinyPositions(length, past); // [T] or [B, T]
    const position = tf.gather(this.tensor('position.weight'), at as tf.Tensor1D); // [T or B,T, H]
    const x = tf.reshape(tf.add(embeddings, position), [batch * length, width]) as tf.Tensor2D; // [B*T, H]
    const run = (rows: tf.Tensor2D) => this.block(rows, batch, length, options);
    const deep = (rows: tf.Tensor2D) => tf.reshape(rows, [batch, length, width]) as tf.Tensor3D; // [B, T, H]
    if (recomputeBlocks) {
      const hidden = recomputed((rows) => run(rows).hidden, x); // [B*T, H]
      return this.readOut(hidden, deep(hidden), options);
    }
    const { hidden, key, value, routes } = run(x);
    const result = this.readOut(hidden, deep(hidden), options);
    if (!useCache) return result;
    const lengths = Array.from({ length: batch }, (_, row) => (past?.lengths[row] ?? 0) + length);
    const kept = <T extends tf.Tensor>(tensor: T): T => tf.keep(tf.clone(tensor));
    return { ...result, cache: new TinyCache(kept(key), kept(value), lengths, routes && kept(routes)) };
  }

  forwardFrom(
    { hidden }: BlockStart,
    options: Omit<ForwardOptions, 'cache' | 'useCache'> = {},
  ): ForwardResult {
    const flat = tf.reshape(hidden, [-1, this.hiddenSize]) as tf.Tensor2D; // [B*T, H]
    return this.readOut(flat, hidden, { ...options, hiddenLayers: [] });
  }

  generate(request: GenerateRequest): AsyncIterable<GeneratedStep> {
    return generateTinily(this, request);
  }

  parameters(): readonly Parameter[] {
    return [...this.byName.values()];
  }

  dispose(): void {
    for (const { variable } of this.parameters()) variable.dispose();
  }

  /** @param x `[B*T, H]` */
  private block(x: tf.Tensor2D, batch: number, length: number, options: ForwardOptions) {
    const { injection } = options;
    const width = this.hiddenSize;
    const past = options.cache as TinyCache | undefined;
    const deep = (rows: tf.Tensor2D) => tf.reshape(rows, [batch, length, width]) as tf.Tensor3D; // [B, T, H]
    const project = (rows: tf.Tensor2D, name: string) =>
      tuned(rows, this.tensor(`blocks.0.${name}.weight`), injection?.linearTunings?.get(`blocks.0.${name}`));
    const adapter = injection?.blockAdapters?.get('blocks.0.attention.input');
    const routes = past?.routes ?? adapter?.route?.(x, { batch, length }); // [B, routes]
    const entering = adapter ? adapter.apply(x, { batch, length }, routes) : x; // [B*T, H]
    const newKey = deep(project(entering, 'key')); // [B, T, H]
    const newValue = deep(project(entering, 'value')); // [B, T, H]
    const key = past ? tf.concat([past.key, newKey], 1) : newKey; // [B, S, H]
    const value = past ? tf.concat([past.value, newValue], 1) : newValue; // [B, S, H]
    const scores = tf.matMul(deep(project(entering, 'query')), key, false, true); // [B, T, S]
    const bias = tinyAttentionBias(length, past, options); // [B or 1, T, S]
    const attended = tf.matMul(tf.softmax(tf.add(tf.div(scores, Math.sqrt(width)), bias)), value); // [B, T, H]
    const rows = tf.reshape(attended, [batch * length, width]) as tf.Tensor2D; // [B*T, H]
    const block = tf.add<tf.Tensor2D>(x, project(rows, 'output')); // [B*T, H]
    const hidden = tf.add<tf.Tensor2D>(block, tf.matMul(block, this.tensor('blocks.0.adapter.weight'))); // [B*T, H]
    return { hidden, key, value, routes };
  }

  /** `[H, V]` */
  protected headWeight(): tf.Tensor2D {
    return this.tensor('head.weight');
  }

  /** @param flat `[B*T, H]`, after the block @param deep the same, `[B, T, H]` */
  private readOut(flat: tf.Tensor2D, deep: tf.Tensor3D, options: ForwardOptions): ForwardResult {
    const { select, hiddenLayers } = options;
    const normed = tf.mul<tf.Tensor2D>(tf.tanh(flat), this.tensor('norm.gain')); // [B*T, H]
    const rows = select ? tf.gather<tf.Tensor2D>(normed, select) : normed; // [N, H]
    const logits = tf.add<tf.Tensor2D>(tf.matMul(rows, this.headWeight()), this.tensor('head.bias')); // [N, V]
    return hiddenLayers ? { logits, hidden: new Map(hiddenLayers.map((n) => [n, deep])) } : { logits };
  }

  private tensor(name: string): tf.Tensor2D {
    return this.byName.get(name)!.variable as unknown as tf.Tensor2D;
  }
}

/** `outputScale * (y W + (y down) up + bias)` with `y = inputScale * x`. @param x `[N, in]` @returns `[N, out]` */
function tuned(x: tf.Tensor2D, weight: tf.Tensor2D, tuning: LinearTuning = {}): tf.Tensor2D {
  const { inputScale, outputScale, bias, lowRank } = tuning;
  const scaled = inputScale ? tf.mul<tf.Tensor2D>(x, inputScale) : x; // [N, in]
  const plain = tf.matMul<tf.Tensor2D>(scaled, weight); // [N, out]
  const product = lowRank
    ? tf.add<tf.Tensor2D>(plain, tf.matMul(tf.matMul(scaled, lowRank.down), lowRank.up))
    : plain; // [N, out]
  const shifted = bias ? tf.add<tf.Tensor2D>(product, bias) : product; // [N, out]
  return outputScale ? tf.mul(shifted, outputScale) : shifted; // [N, out]
}
