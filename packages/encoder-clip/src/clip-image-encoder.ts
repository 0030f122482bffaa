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
    this.tokenCount = (imageSize / patchSize) ** 2 + 1;
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
    return this.finish(pixels.shape[0], () => this.preNorm.apply(this.embedPatches(pixels)), options);
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

  /** The blocks after the first `start` of them, and what follows. @param enter gives `[B*N, D]` */
  private finish(
    batch: number,
    enter: () => Tensor2D,
    options: EncodeOptions,
    start = 0,
  ): WholeEncodedImages {
    this.checkInjection(options);
    const { injection, training, random, hiddenLayers, recomputeBlocks } = options;
    const { tokenCount: length, tokenSize } = this;
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
