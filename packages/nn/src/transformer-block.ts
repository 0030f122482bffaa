import type { InsertionPoint, LayerPrompt, Tensor1D, Tensor2D } from '@eim/contracts/model';
import type { DecoderBlock, DecoderMatrix } from '@eim/engine';
import * as tf from '@tensorflow/tfjs-core';
import type { ActivationName } from './activation.js';
import { type BlockContext, dropped } from './block-context.js';
import type { BlockKeyValues } from './block-key-values.js';
import { FeedForward } from './feed-forward.js';
import { GatedFeedForward } from './gated-feed-forward.js';
import type { Initialiser } from './initialisers.js';
import { insertionPointName } from './insertion-points.js';
import { LayerNorm } from './layer-norm.js';
import { tunableLinearName } from './linear-tuning.js';
import { MultiHeadAttention } from './multi-head-attention.js';
import type { ParameterScope } from './parameter-scope.js';
import { RmsNorm } from './rms-norm.js';

export interface BlockInitialisers {
  readonly queryKeyValue: Initialiser;
  readonly attentionOutput: Initialiser;
  readonly feedForwardInput: Initialiser;
  readonly feedForwardOutput: Initialiser;
  /** Of what follows query, key and value, by the inputs of the layer. @default zeros */
  readonly bias?: (inputSize: number) => Initialiser;
}

export interface TransformerBlockOptions {
  readonly size: number;
  readonly headCount: number;
  /** Width of each head. @default size / headCount */
  readonly headSize?: number | undefined;
  /** @default headCount */
  readonly keyValueHeadCount?: number;
  readonly feedForwardSize: number;
  readonly activation: ActivationName;
  /** `(activation(x G) * x U) D` in place of `activation(x U) D`. @default false */
  readonly gated?: boolean;
  /** @default 'layer' */
  readonly norm?: 'layer' | 'rms';
  readonly normEpsilon: number;
  readonly initialise: BlockInitialisers;
  /** @default true */
  readonly queryKeyValueBias?: boolean;
  /** Of the linear layer that ends the attention. @default true */
  readonly attentionOutputBias?: boolean;
  /** Of the gated feed-forward layers; the others always have biases. @default false */
  readonly gatedBias?: boolean;
  /** Of the attention weights, in training. @default 0 */
  readonly attentionDropout?: number;
  /** Of what each half adds to the residual stream, in training. @default 0 */
  readonly residualDropout?: number;
}

export interface BlockResult {
  /** `[B*T, size]` */
  readonly hidden: Tensor2D;
  readonly keyValues: BlockKeyValues;
  /** `[B, routes]` by insertion point, of the adapters that route. */
  readonly routing: Readonly<Record<string, Tensor2D>>;
}

/** Pre-norm block: `x + attention(norm(x))`, then `x + feedForward(norm(x))`. */
export class TransformerBlock {
  private readonly attentionNorm: LayerNorm | RmsNorm;
  private readonly attention: MultiHeadAttention;
  private readonly feedForwardNorm: LayerNorm | RmsNorm;
  private readonly feedForward: FeedForward | GatedFeedForward;
  private readonly residualDropout: number;

  constructor(
    scope: ParameterScope,
    private readonly index: number,
    options: TransformerBlockOptions,
  ) {
    const { size, headCount, initialise, normEpsilon: epsilon } = options;
    const Norm = options.norm === 'rms' ? RmsNorm : LayerNorm;
    this.attentionNorm = new Norm(scope.child('attentionNorm'), { size, epsilon });
    this.attention = new MultiHeadAttention(scope.child('attention'), {
      size,
      headCount,
      headSize: options.headSize,
      keyValueHeadCount: options.keyValueHeadCount,
      initialise: initialise.queryKeyValue,
      initialiseOutput: initialise.attentionOutput,
      initialiseOutputBias: initialise.bias?.(size),
      queryKeyValueBias: options.queryKeyValueBias ?? true,
      outputBias: options.attentionOutputBias,
      dropout: options.attentionDropout ?? 0,
    });
    this.feedForwardNorm = new Norm(scope.child('feedForwardNorm'), { size, epsilon });
    const feedForward = {
      size,
      hiddenSize: options.feedForwardSize,
      activation: options.activation,
      initialiseInput: initialise.feedForwardInput,
      initialiseOutput: initialise.feedForwardOutput,
    };
    this.feedForward = options.gated
      ? new GatedFeedForward(scope.child('feedForward'), { ...feedForward, bias: options.gatedBias })
      : new FeedForward(scope.child('feedForward'), { ...feedForward, initialiseBias: initialise.bias });
    this.residualDropout = options.residualDropout ?? 0;
  }

  /** @param x `[B*T, size]` */
  apply(x: Tensor2D, context: BlockContext): BlockResult {
    const routing: Record<string, Tensor2D> = {};
    const adapt = (hidden: Tensor2D, position: InsertionPoint['position']): Tensor2D =>
      this.adapt(hidden, insertionPointName(this.index, position), context, routing);

    const attentionInput = adapt(this.attentionNorm.apply(x), 'attention.input'); // [B*T, size]
    const past = context.cache?.keyValues(this.index);
    const tunings = context.injection?.linearTunings;
    const tuning = tunings && ((layer: string) => tunings.get(tunableLinearName(this.index, layer)));
    const prompts = this.prompts(context);
    const { output, keyValues } = this.attention.apply(attentionInput, context, past, prompts, tuning);
    const attended = dropped(adapt(output, 'attention.output'), this.residualDropout, context); // [B*T, size]
    const middle: Tensor2D = tf.add(x, attended); // [B*T, size]

    const feedForwardInput = adapt(this.feedForwardNorm.apply(middle), 'mlp.input'); // [B*T, size]
    const fed = adapt(this.feedForward.apply(feedForwardInput, tuning), 'mlp.output'); // [B*T, size]
    const hidden: Tensor2D = tf.add(middle, dropped(fed, this.residualDropout, context)); // [B*T, size]
    return { hidden, keyValues, routing };
  }

  /** Its weights for a step of decoding; undefined where such a step knows no block like this one, or no weights like these. */
  decoderBlock(): DecoderBlock | undefined {
    const { attentionNorm, feedForwardNorm, attention, feedForward } = this;
    if (!(attentionNorm instanceof RmsNorm && feedForwardNorm instanceof RmsNorm)) return undefined;
    if (!(feedForward instanceof GatedFeedForward)) return undefined;
    const layers = [
      attention.queryKeyValue,
      attention.output,
      feedForward.gate,
      feedForward.input,
      feedForward.output,
    ];
    const matrices = layers.flatMap(({ weight, bias }) =>
      weight.blocks ? [{ weight: weight.blocks, bias: bias?.variable as Tensor1D | undefined }] : [],
    );
    if (matrices.length < layers.length) return undefined;
    const [queryKeyValue, attentionOutput, gate, input, output] = matrices as [
      DecoderMatrix,
      DecoderMatrix,
      DecoderMatrix,
      DecoderMatrix,
      DecoderMatrix,
    ];
    const attentionGain = attentionNorm.gain.variable as Tensor1D;
    const feedForwardGain = feedForwardNorm.gain.variable as Tensor1D;
    return { attentionGain, queryKeyValue, attentionOutput, feedForwardGain, gate, input, output };
  }

  private prompts({ injection }: BlockContext): readonly LayerPrompt[] {
    return injection?.layerPrompts?.filter(({ layer }) => layer === this.index) ?? [];
  }

  /** An adapter routes by the positions that begin a row; later calls find its choice in the cache. */
  private adapt(
    hidden: Tensor2D,
    name: string,
    { injection, cache, batch, length }: BlockContext,
    routing: Record<string, Tensor2D>,
  ): Tensor2D {
    const adapter = injection?.blockAdapters?.get(name);
    if (adapter === undefined) return hidden;
    const shape = { batch, length };
    const kept = cache?.routing[name];
    // a copy, as either cache may be disposed of first
    const routes = kept ? tf.clone(kept) : adapter.route?.(hidden, shape); // [B, routes]
    if (routes !== undefined) routing[name] = routes;
    return adapter.apply(hidden, shape, routes); // [B*T, size]
  }
}
