import type { ImagePreprocessing } from '@eim/contracts';
import type {
  BlockStart,
  EncodeOptions,
  ImageEncoder,
  InsertionPoint,
  Parameter,
  Tensor4D,
  WholeEncodedImages,
} from '@eim/contracts/model';
import { averagePool, relu } from '@eim/engine';
import {
  applyGridBlocks,
  Convolution,
  checkBlockStart,
  checkPixels,
  gridShapes,
  gridTokens,
  heNormal,
  type ParameterScope,
  tidied,
  tokensGrid,
} from '@eim/nn';
import { clipPreprocessing } from '../clip-preprocessing.js';
import { AttentionPool } from './attention-pool.js';
import { Bottleneck, EXPANSION } from './bottleneck.js';
import type { ClipResnetOptions } from './clip-resnet-options.js';

/** CLIP's residual network (OpenAI's `ModifiedResNet`), batch norms folded. `tokens` are the last grid. */
export class ClipResnetEncoder implements ImageEncoder {
  readonly pooledSize: number;
  readonly tokenSize: number;
  readonly tokenCount: number;
  readonly blockCount: number;
  /** None: adapters act in transformers. */
  readonly recomputesBlocks = true;
  readonly insertionPoints: readonly InsertionPoint[] = [];
  readonly preprocessing: ImagePreprocessing;
  readonly hiddenShape: (block: number) => readonly [number, number];
  private readonly stem: readonly Convolution[];
  private readonly blocks: readonly Bottleneck[];
  private readonly pool: AttentionPool;

  /** @param scope where the parameters are created; they may get their values later */
  constructor(
    options: ClipResnetOptions,
    private readonly scope: ParameterScope,
  ) {
    const { imageSize, width, stages, pooledSize, headCount } = options;
    this.pooledSize = pooledSize;
    this.tokenSize = 32 * width;
    this.tokenCount = (imageSize / 32) ** 2;
    this.blockCount = stages.reduce((sum, count) => sum + count, 0);
    this.preprocessing = clipPreprocessing(options);
    this.hiddenShape = gridShapes(
      imageSize,
      4,
      bottlenecks(options).map(({ innerSize, stride }) => ({ outputSize: innerSize * EXPANSION, stride })),
    );
    const sizes = [3, width / 2, width / 2, width] as const;
    this.stem = [0, 1, 2].map(
      (index) =>
        new Convolution(scope.child(`stem.${index}`), {
          inputSize: sizes[index]!,
          outputSize: sizes[index + 1]!,
          side: 3,
          stride: index === 0 ? 2 : 1,
          padding: 1,
          initialise: heNormal(9 * sizes[index]!),
        }),
    );
    this.blocks = bottlenecks(options).map(
      (bottleneck, index) => new Bottleneck(scope.child(`blocks.${index}`, 1 + index), bottleneck),
    );
    this.pool = new AttentionPool(scope.child('pool', this.blockCount + 1), {
      tokenCount: this.tokenCount,
      size: this.tokenSize,
      headCount,
      outputSize: pooledSize,
    });
  }

  encode(pixels: Tensor4D, options: EncodeOptions = {}): WholeEncodedImages {
    checkPixels('The CLIP encoder', this, pixels);
    const enter = (): Tensor4D => {
      let x = pixels; // [B, S, S, 3]
      for (const layer of this.stem) x = relu(layer.apply(x)); // [B, S/2, S/2, width] at the end
      return averagePool(x, 2); // [B, S/4, S/4, width]
    };
    return this.finish(enter, options);
  }

  encodeFrom(start: BlockStart, options: EncodeOptions = {}): WholeEncodedImages {
    checkBlockStart('The CLIP encoder', this, start, [-1, -1, -1]);
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
      const tokens = gridTokens(grid); // [B, (S/32)^2, 32 * width]
      return { pooled: this.pool.apply(tokens), tokens, after };
    });
    if (hiddenLayers.length === 0) return { pooled, tokens };
    return { pooled, tokens, hidden: new Map(after.map(({ block, tokens }) => [block, tokens])) };
  }
}

/** Sizes of all blocks in order; each stage but the first begins by halving the picture. */
export function bottlenecks({
  width,
  stages,
}: Pick<ClipResnetOptions, 'width' | 'stages'>): { inputSize: number; innerSize: number; stride: number }[] {
  let inputSize = width;
  return stages.flatMap((count, stage) =>
    Array.from({ length: count }, (_, index) => {
      const innerSize = width * 2 ** stage;
      const block = { inputSize, innerSize, stride: stage > 0 && index === 0 ? 2 : 1 };
      inputSize = innerSize * EXPANSION;
      return block;
    }),
  );
}
