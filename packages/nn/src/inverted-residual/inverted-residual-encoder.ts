import type { ImagePreprocessing } from '@eim/contracts';
import type {
  BlockStart,
  EncodeOptions,
  ImageEncoder,
  InsertionPoint,
  Parameter,
  Tensor2D,
  Tensor4D,
  WholeEncodedImages,
} from '@eim/contracts/model';
import { relu6 } from '@eim/engine';
import * as tf from '@tensorflow/tfjs-core';
import { applyGridBlocks, gridShapes, gridTokens, tokensGrid } from '../apply-grid-blocks.js';
import { checkBlockStart } from '../check-block-start.js';
import { checkPixels } from '../check-pixels.js';
import { Convolution } from '../convolution.js';
import { heNormal } from '../initialisers.js';
import type { ParameterScope } from '../parameter-scope.js';
import { tidied } from '../tidied.js';
import { InvertedResidual } from './inverted-residual.js';
import type { InvertedResidualSizes } from './inverted-residual-sizes.js';

/** What tells one network of inverted residual blocks from another. */
export interface InvertedResidualEncoderOptions {
  /** For messages: `MobileNetV2`. */
  readonly name: string;
  readonly preprocessing: ImagePreprocessing;
  readonly blocks: readonly InvertedResidualSizes[];
  /** Channels of the last convolution: of tokens and pooled vector. */
  readonly tokenSize: number;
}

/**
 * An image encoder of inverted residual blocks without a classifier, batch norms folded: a convolution that halves the
 * picture, the blocks, and a convolution of single pixels. `tokens` are the last grid, `pooled` is its mean, and
 * `hidden` has a grid after each block.
 */
export class InvertedResidualEncoder implements ImageEncoder {
  readonly pooledSize: number;
  readonly tokenSize: number;
  readonly tokenCount: number;
  readonly blockCount: number;
  /** None: adapters act in transformers. */
  readonly recomputesBlocks = true;
  readonly insertionPoints: readonly InsertionPoint[] = [];
  readonly preprocessing: ImagePreprocessing;
  readonly hiddenShape: (block: number) => readonly [number, number];
  private readonly name: string;
  private readonly stem: Convolution;
  private readonly blocks: readonly InvertedResidual[];
  private readonly last: Convolution;

  /** @param scope where the parameters are created; they may get their values later */
  constructor(
    { name, preprocessing, blocks, tokenSize }: InvertedResidualEncoderOptions,
    private readonly scope: ParameterScope,
  ) {
    this.hiddenShape = gridShapes(preprocessing.imageSize, 2, blocks);
    this.name = name;
    this.pooledSize = tokenSize;
    this.tokenSize = tokenSize;
    this.blockCount = blocks.length;
    this.tokenCount = this.hiddenShape(this.blockCount)[0];
    this.preprocessing = preprocessing;
    this.stem = new Convolution(scope.child('stem'), {
      inputSize: 3,
      outputSize: blocks[0]!.inputSize,
      side: 3,
      stride: 2,
      initialise: heNormal(27),
    });
    this.blocks = blocks.map(
      (sizes, index) => new InvertedResidual(scope.child(`blocks.${index}`, 1 + index), sizes),
    );
    const { outputSize } = blocks.at(-1)!;
    this.last = new Convolution(scope.child('last', this.blockCount + 1), {
      inputSize: outputSize,
      outputSize: tokenSize,
      side: 1,
      initialise: heNormal(outputSize),
    });
  }

  encode(pixels: Tensor4D, options: EncodeOptions = {}): WholeEncodedImages {
    checkPixels(this.name, this, pixels);
    return this.finish(() => relu6(this.stem.apply(pixels)), options); // from [B, S/2, S/2, stem] on
  }

  encodeFrom(start: BlockStart, options: EncodeOptions = {}): WholeEncodedImages {
    checkBlockStart(this.name, this, start, [-1, -1, -1]);
    return this.finish(() => tokensGrid(start.hidden), options, start.block);
  }

  parameters(): readonly Parameter[] {
    return this.scope.parameters();
  }

  dispose(): void {
    this.scope.dispose();
  }

  /** The blocks after the first `start` of them, and what follows. @param enter gives the grid that they read */
  private finish(enter: () => Tensor4D, options: EncodeOptions, start = 0): WholeEncodedImages {
    const { hiddenLayers = [], recomputeBlocks } = options;
    const { pooled, tokens, after } = tidied(() => {
      const { grid, after } = applyGridBlocks(this.blocks, enter(), hiddenLayers, start, recomputeBlocks);
      const tokens = gridTokens(relu6(this.last.apply(grid))); // [B, N, tokenSize]
      return { pooled: tf.mean(tokens, 1) as Tensor2D, tokens, after };
    });
    if (hiddenLayers.length === 0) return { pooled, tokens };
    return { pooled, tokens, hidden: new Map(after.map(({ block, tokens }) => [block, tokens])) };
  }
}
