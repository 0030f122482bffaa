import { EimError, type ImagePreprocessing } from '@eim/contracts';
import type {
  BlockStart,
  EncodeOptions,
  ImageEncoder,
  InsertionPoint,
  Parameter,
  Tensor1D,
  Tensor2D,
  Tensor3D,
  Tensor4D,
  WholeEncodedImages,
} from '@eim/contracts/model';
import { embedding } from '@eim/engine';
import {
  checkBlockStart,
  checkPixels,
  LayerNorm,
  Linear,
  normal,
  type ParameterScope,
  TransformerStack,
  tidied,
  torchLinear,
  transformerInsertionPoints,
} from '@eim/nn';
import * as tf from '@tensorflow/tfjs-core';
import { checkKeptPatches } from './check-kept-patches.js';
import type { ClipEncoderOptions } from './clip-encoder-options.js';
import { clipBlockInitialisers } from './clip-initialisers.js';
import { clipPreprocessing } from './clip-preprocessing.js';
import { splitPatches } from './split-patches.js';

/**
 * CLIP's vision transformer (OpenAI's `VisionTransformer`). `tokens` come before the final norm, unless `projectedTokens` has
 * them pass the norm and the projection.
 */
export class ClipImageEncoder implements ImageEncoder {
  readonly pooledSize: number;
  readonly tokenSize: number;
  readonly tokenCount: number;
  readonly blockCount: number;
  readonly patchCount: number;
  readonly classToken = true;
  readonly recomputesBlocks = true;
  readonly insertionPoints: readonly InsertionPoint[];
  readonly preprocessing: ImagePreprocessing;
  private readonly width: number;
  private readonly projectsTokens: boolean;
  private readonly patchSize: number;
  private readonly patches: Linear;
  private readonly classEmbedding: Parameter;
  private readonly positions: Parameter;
  private readonly preNorm: LayerNorm;
  private readonly stack: TransformerStack;
  private readonly postNorm: LayerNorm;
  private readonly projection: Linear | undefined;

  /** @param scope where the parameters are created; they may get their values later */
  constructor(
    options: ClipEncoderOptions,
    private readonly scope: ParameterScope,
  ) {
    const { imageSize, patchSize, width, blockCount, pooledSize, normEpsilon: epsilon } = options;
    this.pooledSize = pooledSize;
    this.width = width;
    this.projectsTokens = options.projectedTokens;
    this.tokenSize = options.projectedTokens ? pooledSize : width;
    this.patchCount = (imageSize / patchSize) ** 2;
    this.tokenCount = this.patchCount + 1;
    this.blockCount = blockCount;
    this.patchSize = patchSize;
    this.insertionPoints = transformerInsertionPoints(blockCount, width);
    this.preprocessing = clipPreprocessing(options);

    const scaled = normal(width ** -0.5);
    const patchLength = patchSize * patchSize * 3;
    this.patches = new Linear(scope.child('patches'), {
      inputSize: patchLength,
      outputSize: width,
      bias: false,
      initialise: torchLinear(patchLength),
    });
    this.classEmbedding = scope.create('classToken', [width], { role: 'embedding', initialise: scaled });
    this.positions = scope.create('positions', [this.tokenCount, width], {
      role: 'position',
      initialise: scaled,
    });
    this.preNorm = new LayerNorm(scope.child('preNorm'), { size: width, epsilon });
    this.stack = new TransformerStack(scope, {
      ...options,
      size: width,
      initialise: clipBlockInitialisers(width, blockCount),
    });
    const end = blockCount + 1;
    this.postNorm = new LayerNorm(scope.child('postNorm', end), { size: width, epsilon });
    this.projection = options.projected
      ? new Linear(scope.child('projection', end), {
          inputSize: width,
          outputSize: pooledSize,
          bias: false,
          initialise: scaled,
        })
      : undefined;
  }

  hiddenShape(): readonly [number, number] {
    return [this.tokenCount, this.width];
  }

  encode(pixels: Tensor4D, options: EncodeOptions = {}): WholeEncodedImages {
    checkPixels('The CLIP encoder', this, pixels);
    const [batch] = pixels.shape;
    const { keptPatches: kept } = options;
    if (!kept) return this.finish(batch, () => this.preNorm.apply(this.embedPatches(pixels)), options);
    checkKeptPatches(kept, batch, this.patchCount);
    const enter = () => this.preNorm.apply(this.embedKeptPatches(pixels, kept));
    return this.finish(batch, enter, options, 0, kept.shape[1] + 1);
  }

  encodeFrom(start: BlockStart, options: EncodeOptions = {}): WholeEncodedImages {
    const { tokenCount, width } = this;
    checkBlockStart('The CLIP encoder', this, start, [-1, tokenCount, width]);
    const [batch] = start.hidden.shape;
    const enter = (): Tensor2D => tf.reshape(start.hidden, [batch * tokenCount, width]); // [B*N, D]
    return this.finish(batch, enter, options, start.block);
  }

  parameters(): readonly Parameter[] {
    return this.scope.parameters();
  }

  dispose(): void {
    this.scope.dispose();
  }

  /** The blocks after the first `start` of them, and what follows. @param enter gives `[B*N, D]` @param length N */
  private finish(
    batch: number,
    enter: () => Tensor2D,
    options: EncodeOptions,
    start = 0,
    length = this.tokenCount,
  ): WholeEncodedImages {
    this.checkInjection(options);
    const { injection, training, random, hiddenLayers, recomputeBlocks } = options;
    const { tokenSize } = this;
    const { pooled, tokens, after } = tidied(() => {
      const context = { batch, length, injection, training, random, recomputeBlocks };
      const { hidden, afterBlock } = this.stack.apply(enter(), context, hiddenLayers, start);
      const inRows = (rows: Tensor2D): Tensor3D => tf.reshape(rows, [batch, length, rows.shape[1]]);
      const tokens = inRows(this.projectsTokens ? this.readOut(hidden) : hidden); // [B, N, tokenSize]
      const first: Tensor2D = tf.reshape(tf.slice(tokens, [0, 0, 0], [batch, 1, tokenSize]), [
        batch,
        tokenSize,
      ]); // [B, tokenSize]
      const pooled = this.projectsTokens ? first : this.readOut(first); // [B, pooledSize]
      const after = Object.entries(afterBlock).map(([block, rows]) => ({ block, tokens: inRows(rows) }));
      return { pooled, tokens, after };
    });
    if (hiddenLayers === undefined) return { pooled, tokens };
    return { pooled, tokens, hidden: new Map(after.map(({ block, tokens }) => [Number(block), tokens])) };
  }

  /** The final norm and the projection. @param rows `[N, D]` @returns `[N, pooledSize]` */
  private readOut(rows: Tensor2D): Tensor2D {
    const normed = this.postNorm.apply(rows); // [N, D]
    return this.projection?.apply(normed) ?? normed; // [N, pooledSize]
  }

  /** Patch embeddings behind the class token, positions added. */
  private embedPatches(pixels: Tensor4D): Tensor2D {
    const [batch] = pixels.shape;
    const { tokenCount: length, width } = this;
    const embedded = this.patches.apply(splitPatches(pixels, this.patchSize)); // [B*(N-1), D]
    const patches: Tensor3D = tf.reshape(embedded, [batch, length - 1, width]); // [B, N-1, D]
    const classRow: Tensor2D = tf.reshape(this.classEmbedding.variable as Tensor1D, [1, width]); // [1, D]
    const table = tf.add(
      this.positions.variable,
      tf.pad(classRow, [
        [0, length - 1],
        [0, 0],
      ]),
    ); // [N, D]
    // the table, class token and all, is added along rows of one picture, so that its gradient is one sum
    const shifted = tf.pad(patches, [
      [0, 0],
      [1, 0],
      [0, 0],
    ]); // [B, N, D]
    const flat = tf.reshape(shifted, [batch, length * width]); // [B, N*D]
    const x = tf.add(flat, tf.reshape(table, [1, length * width])); // [B, N*D]
    return tf.reshape(x, [batch * length, width]); // [B*N, D]
  }

  /** As {@link embedPatches}, of some patches of each picture alone. @param kept `[B, K]` @returns `[B*(K+1), D]` */
  private embedKeptPatches(pixels: Tensor4D, kept: Tensor2D): Tensor2D {
    const [batch, count] = kept.shape;
    const { width, patchCount } = this;
    const starts = tf.mul(tf.range(0, batch, 1, 'int32'), tf.scalar(patchCount, 'int32')); // [B]
    const places = tf.reshape(tf.add(kept, tf.reshape(starts, [batch, 1])), [batch * count]); // [B*K]
    const chosen = embedding<Tensor2D>(splitPatches(pixels, this.patchSize), tf.cast(places, 'int32')); // [B*K, L]
    const positions = this.positions.variable as unknown as Tensor2D; // [N, D]
    const own = tf.cast(tf.add(kept, tf.scalar(1, 'int32')), 'int32'); // [B, K]
    const embedded: Tensor3D = tf.reshape(this.patches.apply(chosen), [batch, count, width]); // [B, K, D]
    const placed = tf.add(embedded, embedding<Tensor3D>(positions, own)); // [B, K, D]
    const first = tf.add(tf.slice(positions, [0, 0], [1, width]), this.classEmbedding.variable); // [1, D]
    const firsts = tf.tile(tf.reshape(first, [1, 1, width]), [batch, 1, 1]); // [B, 1, D]
    return tf.reshape(tf.concat([firsts, placed], 1), [batch * (count + 1), width]); // [B*(K+1), D]
  }

  private checkInjection({ injection }: EncodeOptions): void {
    if (injection?.prefix !== undefined) {
      throw new EimError({
        code: 'invalid-argument',
        message: 'The CLIP encoder was given a prefix; it takes layer prompts and block adapters alone.',
        advice: 'Leave `prefix` out of what the ST’s encoderInjection returns.',
      });
    }
  }
}
