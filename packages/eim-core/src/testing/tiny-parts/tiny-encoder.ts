import type { ImagePreprocessing } from '@eim/contracts';
import type {
  BlockStart,
  EncodeOptions,
  ImageEncoder,
  Parameter,
  RandomStream,
  WholeEncodedImages,
} from '@eim/contracts/model';
import { recomputed } from '@eim/engine';
import * as tf from '@tensorflow/tfjs-core';
import { createParameter } from './create-parameter.js';

export interface TinyEncoderOptions {
  readonly random: RandomStream;
  /** Side of the picture; each row of pixels is one token. @default 4 */
  readonly imageSize?: number;
  /** Width of tokens. @default 6 */
  readonly tokenSize?: number;
  /** Width of the pooled vector. @default 5 */
  readonly pooledSize?: number;
}

/** Rows of pixels as tokens, one residual block, and a head on the mean token. */
export class TinyEncoder implements ImageEncoder {
  readonly preprocessing: ImagePreprocessing;
  readonly tokenSize: number;
  readonly pooledSize: number;
  readonly tokenCount: number;
  readonly blockCount = 1;
  readonly patchCount: number;
  readonly recomputesBlocks = true;
  readonly insertionPoints: ImageEncoder['insertionPoints'];
  private readonly embed: Parameter;
  private readonly blockWeight: Parameter;
  private readonly blockBias: Parameter;
  private readonly head: Parameter;

  constructor({ random, imageSize = 4, tokenSize = 6, pooledSize = 5 }: TinyEncoderOptions) {
    this.tokenSize = tokenSize;
    this.pooledSize = pooledSize;
    this.tokenCount = imageSize;
    this.patchCount = imageSize;
    this.insertionPoints = [
      { name: 'blocks.0.mlp.input', block: 0, position: 'mlp.input', width: tokenSize },
    ];
    this.preprocessing = {
      imageSize,
      resize: 'stretch',
      filter: 'bilinear',
      cropRounding: 'floor',
      mean: [0.5, 0.5, 0.5],
      standardDeviation: [0.5, 0.5, 0.5],
    };
    const block = { depth: 1, random };
    this.embed = createParameter('embed.weight', [imageSize * 3, tokenSize], {
      role: 'embedding',
      depth: 0,
      random,
    });
    this.blockWeight = createParameter('blocks.0.weight', [tokenSize, tokenSize], {
      role: 'weight',
      ...block,
    });
    this.blockBias = createParameter('blocks.0.bias', [tokenSize], { role: 'bias', ...block });
    this.head = createParameter('head.weight', [tokenSize, pooledSize], { role: 'weight', depth: 2, random });
  }

  encode(pixels: tf.Tensor4D, options: EncodeOptions = {}): WholeEncodedImages {
    const { injection, hiddenLayers, recomputeBlocks, keptPatches } = options;
    const batch = pixels.shape[0];
    const length = keptPatches?.shape[1] ?? this.tokenCount;
    const rows = this.rowsOf(pixels, keptPatches); // [B*N, S*3]
    const embedded = tf.matMul<tf.Tensor2D>(rows, this.embed.variable as tf.Tensor2D); // [B*N, D]
    const run = (x: tf.Tensor2D): tf.Tensor2D => {
      const adapter = injection?.blockAdapters?.get('blocks.0.mlp.input');
      const routes = adapter?.route?.(x, { batch, length }); // [B, routes]
      const entering = adapter ? adapter.apply(x, { batch, length }, routes) : x; // [B*N, D]
      const product = tf.matMul<tf.Tensor2D>(entering, this.blockWeight.variable as tf.Tensor2D); // [B*N, D]
      return tf.add<tf.Tensor2D>(entering, tf.tanh(tf.add(product, this.blockBias.variable))); // [B*N, D]
    };
    const block = recomputeBlocks ? recomputed(run, embedded) : run(embedded); // [B*N, D]
    const tokens = tf.reshape(block, [batch, length, this.tokenSize]) as tf.Tensor3D;
    const encoded = this.encodeFrom({ block: 1, hidden: tokens });
    return hiddenLayers === undefined
      ? encoded
      : { ...encoded, hidden: new Map(hiddenLayers.map((n) => [n, tokens])) };
  }

  private rowsOf(pixels: tf.Tensor4D, kept: tf.Tensor2D | undefined): tf.Tensor2D {
    const batch = pixels.shape[0];
    const all = tf.reshape(pixels, [batch * this.patchCount, -1]) as tf.Tensor2D; // [B*N, S*3]
    if (!kept) return all;
    const starts = tf.mul(tf.range(0, batch, 1, 'int32'), tf.scalar(this.patchCount, 'int32')); // [B]
    const places = tf.cast(tf.add(kept, tf.reshape(starts, [batch, 1])), 'int32'); // [B, K]
    return tf.reshape(tf.gather(all, places), [kept.size, -1]) as tf.Tensor2D; // [B*K, S*3]
  }

  /** After the one block there is the head alone. */
  encodeFrom({ hidden: tokens }: BlockStart): WholeEncodedImages {
    const mean = tf.mean(tokens, 1) as tf.Tensor2D; // [B, D]
    const pooled = tf.matMul<tf.Tensor2D>(mean, this.head.variable as tf.Tensor2D); // [B, pooledSize]
    return { pooled, tokens };
  }

  parameters(): readonly Parameter[] {
    return [this.embed, this.blockWeight, this.blockBias, this.head];
  }

  dispose(): void {
    for (const { variable } of this.parameters()) variable.dispose();
  }
}
