import type { ImagePreprocessing } from '@eim/contracts';
import type {
  EncodeOptions,
  EncoderContext,
  ImageEncoder,
  Parameter,
  Tensor2D,
  Tensor3D,
  Tensor4D,
  WholeEncodedImages,
} from '@eim/contracts/model';
import { LayerNorm, Linear, normal, ParameterScope } from '@eim/nn';
import * as tf from '@tensorflow/tfjs-core';
import { MixerBlock } from './mixer-block.js';
import type { MixerOptions } from './mixer-options.js';

/** MLP-Mixer (Tolstikhin et al. 2021): patches mixed by small networks, without attention. */
class MixerEncoder implements ImageEncoder {
  readonly tokenSize: number;
  readonly pooledSize: number;
  readonly tokenCount: number;
  readonly blockCount: number;
  readonly insertionPoints = [];
  readonly preprocessing: ImagePreprocessing;
  private readonly scope: ParameterScope;
  private readonly patches: Linear;
  private readonly blocks: readonly MixerBlock[];
  private readonly norm: LayerNorm;

  constructor(
    private readonly options: MixerOptions,
    { random }: EncoderContext,
  ) {
    const { imageSize, patchSize, tokenSize, blockCount } = options;
    this.tokenSize = tokenSize;
    this.pooledSize = tokenSize;
    this.blockCount = blockCount;
    this.tokenCount = (imageSize / patchSize) ** 2;
    this.preprocessing = {
      imageSize,
      resize: 'shortest-side',
      filter: 'bicubic',
      cropRounding: 'floor',
      mean: [0.5, 0.5, 0.5],
      standardDeviation: [0.25, 0.25, 0.25],
    };
    this.scope = ParameterScope.root(random);
    this.patches = new Linear(this.scope.child('patches'), {
      inputSize: patchSize * patchSize * 3,
      outputSize: tokenSize,
      initialise: normal(0.05),
    });
    this.blocks = Array.from(
      { length: blockCount },
      (_, index) => new MixerBlock(this.scope.child(`blocks.${index}`, index + 1), this.tokenCount, options),
    );
    this.norm = new LayerNorm(this.scope.child('norm', blockCount + 1), { size: tokenSize, epsilon: 1e-6 });
  }

  encode(pixels: Tensor4D, { hiddenLayers = [] }: EncodeOptions = {}): WholeEncodedImages {
    const batch = pixels.shape[0];
    const hidden = new Map<number, Tensor3D>();
    let x = this.patches.apply(this.cut(pixels)); // [B*N, D]
    for (const [index, block] of this.blocks.entries()) {
      x = block.apply(x, batch); // [B*N, D]
      if (hiddenLayers.includes(index + 1)) hidden.set(index + 1, this.asTokens(x, batch));
    }
    const tokens = this.asTokens(x, batch); // [B, N, D]
    const pooled = tf.mean(this.asTokens(this.norm.apply(x), batch), 1) as Tensor2D; // [B, D]
    return hiddenLayers.length === 0 ? { pooled, tokens } : { pooled, tokens, hidden };
  }

  /** Pictures as rows of patches: `[B, S, S, 3]` to `[B*N, patchSize * patchSize * 3]`. */
  private cut(pixels: Tensor4D): Tensor2D {
    const { imageSize, patchSize } = this.options;
    const side = imageSize / patchSize;
    const batch = pixels.shape[0];
    const grid = tf.reshape(pixels, [batch * side, patchSize, side, patchSize * 3]); // [B*n, p, n, p*3]
    return tf.reshape(tf.transpose(grid, [0, 2, 1, 3]), [batch * side * side, patchSize * patchSize * 3]);
  }

  private asTokens(rows: Tensor2D, batch: number): Tensor3D {
    return tf.reshape(rows, [batch, this.tokenCount, this.tokenSize]);
  }

  parameters(): readonly Parameter[] {
    return this.scope.parameters();
  }

  dispose(): void {
    this.scope.dispose();
  }
}

/** A freshly initialised mixer encoder. */
export function createMixerEncoder(options: MixerOptions, context: EncoderContext): ImageEncoder {
  return new MixerEncoder(options, context);
}
