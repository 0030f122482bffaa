import type { LayerPrompt, LinearTuning, Tensor1D, Tensor2D, Tensor3D } from '@eim/contracts/model';
import { attention, rotary } from '@eim/engine';
import * as tf from '@tensorflow/tfjs-core';
import { type BlockContext, dropoutStream } from './block-context.js';
import type { BlockKeyValues } from './block-key-values.js';
import type { Initialiser } from './initialisers.js';
import { Linear, tunedLinear } from './linear.js';
import { type BlockTunings, joinTunings } from './linear-tuning.js';
import type { ParameterScope } from './parameter-scope.js';

export interface MultiHeadAttentionOptions {
  readonly size: number;
  readonly headCount: number;
  /** Width of each head. @default size / headCount */
  readonly headSize?: number | undefined;
  /** Each key and value head serves headCount / keyValueHeadCount query heads. @default headCount */
  readonly keyValueHeadCount?: number | undefined;
  readonly initialise: Initialiser;
  readonly initialiseOutput: Initialiser;
  /** Whether query, key and value have biases. @default true */
  readonly queryKeyValueBias?: boolean;
  /** @default true */
  readonly outputBias?: boolean | undefined;
  /** @default zeros */
  readonly initialiseOutputBias?: Initialiser | undefined;
  /** Of the attention weights, in training. @default 0 */
  readonly dropout?: number;
}

export interface AttentionResult {
  /** `[B*T, size]` */
  readonly output: Tensor2D;
  /** Of all positions so far, for a cache. */
  readonly keyValues: BlockKeyValues;
}

/**
 * Self-attention (Vaswani et al. 2017, section 3.2.2), its key and value heads grouped where there are fewer of
 * them (Ainslie et al. 2023). Query, key and value are one product `queryKeyValue`
 * `[size, querySize + 2 * keyValueSize]`, in that order; `output` brings the heads together.
 */
export class MultiHeadAttention {
  readonly queryKeyValue: Linear;
  readonly output: Linear;
  readonly headCount: number;
  private readonly keyValueHeadCount: number;
  private readonly size: number;
  /** Width of the query heads together. */
  private readonly querySize: number;
  /** Width of the key and value heads together. */
  private readonly keyValueSize: number;
  private readonly dropout: number;

  constructor(scope: ParameterScope, options: MultiHeadAttentionOptions) {
    const { size, headCount, initialise, initialiseOutput, initialiseOutputBias } = options;
    this.size = size;
    this.headCount = headCount;
    this.keyValueHeadCount = options.keyValueHeadCount ?? headCount;
    const headSize = options.headSize ?? size / headCount;
    this.querySize = headSize * headCount;
    this.keyValueSize = headSize * this.keyValueHeadCount;
    this.queryKeyValue = new Linear(scope.child('queryKeyValue'), {
      inputSize: size,
      outputSize: this.querySize + 2 * this.keyValueSize,
      initialise,
      bias: options.queryKeyValueBias ?? true,
    });
    this.output = new Linear(scope.child('output'), {
      inputSize: this.querySize,
      outputSize: size,
      initialise: initialiseOutput,
      initialiseBias: initialiseOutputBias,
      bias: options.outputBias ?? true,
    });
    this.dropout = options.dropout ?? 0;
  }

  /**
   * @param x `[B*T, size]`
   * @param past keys and values of earlier positions
   * @param prompts the layer prompts of this block; tuned layers read them as they read everything, unless they say otherwise
   */
  apply(
    x: Tensor2D,
    context: BlockContext,
    past?: BlockKeyValues,
    prompts: readonly LayerPrompt[] = [],
    tuning?: BlockTunings,
  ): AttentionResult {
    const { batch, bias, rotary: turn } = context;
    const [plainQuery, plainKey, value] = this.project(x, tuning); // [B*T, querySize], [B*T, keyValueSize] twice
    const query = turn ? rotary(plainQuery, turn.cosine, turn.sine) : plainQuery;
    const key = turn ? rotary(plainKey, turn.cosine, turn.sine) : plainKey;
    const keys = this.append(past?.keys, key, context); // [B, S, keyValueSize]
    const values = this.append(past?.values, value, context); // [B, S, keyValueSize]
    const rows = keys.shape[0] * keys.shape[1];
    const random = dropoutStream(this.dropout, context);
    let heads = attention({
      query,
      key: past === undefined ? key : tf.reshape(keys, [rows, this.keyValueSize]), // [B*S, keyValueSize]
      value: past === undefined ? value : tf.reshape(values, [rows, this.keyValueSize]), // [B*S, keyValueSize]
      batch,
      headCount: this.headCount,
      keyValueHeadCount: this.keyValueHeadCount,
      ...(bias === undefined ? {} : { bias }),
      ...(random === undefined ? {} : { dropout: { rate: this.dropout, random } }),
    }); // [B*T, querySize]
    for (const prompt of prompts) heads = tf.add(heads, this.attendToPrompt(query, prompt, context, tuning));
    return { output: this.output.apply(heads, tuning?.('attention.output')), keyValues: { keys, values } };
  }

  private project(x: Tensor2D, tuning?: BlockTunings): [Tensor2D, Tensor2D, Tensor2D] {
    const sizes = [this.querySize, this.keyValueSize, this.keyValueSize];
    const tunings = ['query', 'key', 'value'].map((layer) => tuning?.(`attention.${layer}`));
    if (tunings.some((one) => one?.inputScale || one?.lowRank)) return this.projectApart(x, sizes, tunings);
    const joined = tunings.some(Boolean) ? joinTunings(tunings, sizes) : undefined;
    // split, whose gradient is one concatenation, rather than slices, whose gradients are three paddings
    return tf.split(this.queryKeyValue.apply(x, joined), sizes, 1) as [Tensor2D, Tensor2D, Tensor2D];
  }

  /** Three products, where query, key and value each scale their inputs, or add a product of their own. */
  private projectApart(
    x: Tensor2D,
    sizes: number[],
    tunings: readonly (LinearTuning | undefined)[],
  ): [Tensor2D, Tensor2D, Tensor2D] {
    const { weight, bias } = this.queryKeyValue;
    const weights = weight.blocks
      ? sizes.map((size, index) => weight.blocks!.slice(sum(sizes.slice(0, index)), size))
      : (tf.split(weight.variable, sizes, 1) as unknown as Tensor2D[]);
    const biases = bias && (tf.split(bias.variable, sizes) as unknown as Tensor1D[]);
    return weights.map((part, index) => tunedLinear(x, part, biases?.[index], tunings[index] ?? {})) as [
      Tensor2D,
      Tensor2D,
      Tensor2D,
    ];
  }

  private append(past: Tensor3D | undefined, rows: Tensor2D, { batch, length }: BlockContext): Tensor3D {
    const recent: Tensor3D = tf.reshape(rows, [batch, length, this.keyValueSize]); // [B, T, keyValueSize]
    return past === undefined ? recent : tf.concat([past, recent], 1); // [B, S, keyValueSize]
  }

  /** LLaMA-Adapter, section 3.2: an attention of its own over the prompts, each head scaled by its gate. */
  private attendToPrompt(
    query: Tensor2D,
    { prompts, gate, untuned }: LayerPrompt,
    { batch }: BlockContext,
    tuning?: BlockTunings,
  ): Tensor2D {
    const [rows, slots] = prompts.shape;
    const everyRow = rows === batch ? prompts : tf.broadcastTo(prompts, [batch, slots, this.size]); // [B, K, size]
    const rowsOfPrompts: Tensor2D = tf.reshape(everyRow, [batch * slots, this.size]); // [B*K, size]
    const [, key, value] = this.project(rowsOfPrompts, untuned ? undefined : tuning); // [B*K, keyValueSize] each
    const { headCount, keyValueHeadCount } = this;
    const heads = attention({ query, key, value, batch, headCount, keyValueHeadCount }); // [B*T, querySize]
    const headSize = this.querySize / this.headCount;
    const byHead = tf.reshape(heads, [-1, this.headCount, headSize]); // [B*T, H, headSize]
    const gated = tf.mul(byHead, tf.reshape(gate, [1, this.headCount, 1])); // [B*T, H, headSize]
    return tf.reshape(gated, [-1, this.querySize]); // [B*T, querySize]
  }
}

const sum = (sizes: readonly number[]): number => sizes.reduce((total, size) => total + size, 0);
