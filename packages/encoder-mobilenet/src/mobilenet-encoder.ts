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
import {
  applyGridBlocks,
  Convolution,
  checkBlockStart,
  checkPixels,
  gridTokens,
  heNormal,
  type ParameterScope,
  tidied,
  tokensGrid,
} from '@eim/nn';
import * as tf from '@tensorflow/tfjs-core';
import { InvertedResidual } from './inverted-residual.js';
import { invertedResiduals, scaledChannels } from './inverted-residual-sizes.js';
import type { MobileNetOptions } from './mobilenet-options.js';

/** MobileNetV2 without its classifier, batch norms folded. `tokens` are the last grid, `pooled` is its mean. */
export class MobileNetEncoder implements ImageEncoder {
  readonly pooledSize: number;
  readonly tokenSize: number;
  readonly tokenCount: number;
  readonly blockCount: number;
  /** None: adapters act in transformers. */
  readonly insertionPoints: readonly InsertionPoint[] = [];
  readonly preprocessing: ImagePreprocessing;
  private readonly stem: Convolution;
  private readonly blocks: readonly InvertedResidual[];
  private readonly last: Convolution;

  /** @param scope where the parameters are created; they may get their values later */
  constructor(
    options: MobileNetOptions,
    private readonly scope: ParameterScope,
  ) {
    const { imageSize, resizeSide, tokenSize, mean, standardDeviation } = options;
    const sizes = invertedResiduals(options);
    const shrinkage = sizes.reduce((product, { stride }) => product * stride, 2);
    this.pooledSize = tokenSize;
    this.tokenSize = tokenSize;
    this.tokenCount = Math.ceil(imageSize / shrinkage) ** 2;
    this.blockCount = sizes.length;
    this.preprocessing = {
      imageSize,
      ...(resizeSide === undefined
        ? { resize: 'stretch', filter: 'bilinear-interpolation' }
        : { resize: 'shortest-side', resizeSide, filter: 'bilinear' }),
      cropRounding: 'floor',
      mean,
      standardDeviation,
    };
    this.stem = new Convolution(scope.child('stem'), {
      inputSize: 3,
      outputSize: scaledChannels(options.stemSize, options.widthMultiplier),
      side: 3,
      stride: 2,
      initialise: heNormal(27),
    });
    this.blocks = sizes.map(
      (size, index) => new InvertedResidual(scope.child(`blocks.${index}`, 1 + index), size),
    );
    const { outputSize } = sizes.at(-1)!;
    this.last = new Convolution(scope.child('last', this.blockCount + 1), {
      inputSize: outputSize,
      outputSize: tokenSize,
      side: 1,
      initialise: heNormal(outputSize),
    });
  }

  encode(pixels: Tensor4D, options: EncodeOptions = {}): WholeEncodedImages {
    checkPixels('MobileNetV2', this, pixels);
    return this.finish(() => relu6(this.stem.apply(pixels)), options); // from [B, S/2, S/2, stem] on
  }

  encodeFrom(start: BlockStart, options: EncodeOptions = {}): WholeEncodedImages {
    checkBlockStart('MobileNetV2', this, start, [-1, -1, -1]);
    return this.finish(() => tokensGrid(start.hidden), options, start.block);
  }

  parameters(): readonly Parameter[] {
    return this.scope.parameters();
  }

  dispose(): void {
    this.scope.dispose();
  }

  /** The blocks after the first `start` of them, and what follows. @param enter gives the grid that they read */
  private finish(enter: () => Tensor4D, { hiddenLayers = [] }: EncodeOptions, start = 0): WholeEncodedImages {
    const { pooled, tokens, after } = tidied(() => {
      const { grid, after } = applyGridBlocks(this.blocks, enter(), hiddenLayers, start);
      const tokens = gridTokens(relu6(this.last.apply(grid))); // [B, N, tokenSize]
      return { pooled: tf.mean(tokens, 1) as Tensor2D, tokens, after };
    });
    if (hiddenLayers.length === 0) return { pooled, tokens };
    return { pooled, tokens, hidden: new Map(after.map(({ block, tokens }) => [block, tokens])) };
  }
}
