import { EimError } from '@eim/contracts';
import type {
  EncodedImages,
  ImageEncoderShape,
  Tensor2D,
  Tensor3D,
  TransformContext,
} from '@eim/contracts/model';
import { activations, Linear, type ParameterScope, torchLinear } from '@eim/nn';
import * as tf from '@tensorflow/tfjs-core';
import { blockWidth } from '../block-width.js';
import type { VisualTokenOptions } from './llama-adapter-options.js';

/**
 * One vector for each picture, of several blocks of the encoder: what is taken of each, beside each other, through two linear
 * layers (LLaMA-Adapter, section 3.3: "concatenated along the channel dimension", then a "learnable projection network").
 */
export class VisualToken {
  private readonly widths: readonly number[];
  private readonly input: Linear;
  private readonly output: Linear;

  /** @throws EimError `width-mismatch` where the encoder has no such block, or no class token and one is to be read */
  constructor(
    scope: ParameterScope,
    private readonly name: string,
    private readonly options: VisualTokenOptions,
    encoder: ImageEncoderShape,
    private readonly outputSize: number,
  ) {
    checkEncoder(name, options, encoder);
    this.widths = options.blocks.map((block) => blockWidth(encoder, block));
    const inputSize = this.widths.reduce((sum, width) => sum + width, 0);
    const { hiddenSize } = options;
    const layer = (inner: string, from: number, to: number) =>
      new Linear(scope.child(inner), {
        inputSize: from,
        outputSize: to,
        initialise: torchLinear(from),
        initialiseBias: torchLinear(from),
      });
    this.input = layer('input', inputSize, hiddenSize);
    this.output = layer('output', hiddenSize, outputSize);
  }

  /** @returns `[B, 1, outputSize]`; zeros for rows without a picture */
  apply({ hidden }: EncodedImages, { batch, modality }: TransformContext): Tensor3D {
    const vectors = this.options.blocks.map((block, index) =>
      this.vectorOf(hidden?.get(block), block, this.widths[index]!),
    ); // [B, width] each
    const inner = this.input.apply(vectors.length === 1 ? vectors[0]! : tf.concat(vectors, 1)); // [B, hiddenSize]
    const output = this.output.apply(activations[this.options.activation](inner)); // [B, outputSize]
    const shown: Tensor2D = tf.reshape(tf.cast(modality, 'float32'), [batch, 1]); // [B, 1]
    return tf.reshape(tf.mul(output, shown), [batch, 1, this.outputSize]); // [B, 1, outputSize]
  }

  private vectorOf(tokens: Tensor3D | undefined, block: number, width: number): Tensor2D {
    if (tokens === undefined || tokens.shape[2] !== width) throw otherBlock(this.name, block, width, tokens);
    if (this.options.read === 'mean') return tf.mean(tokens, 1); // [B, width]
    const [batch] = tokens.shape;
    return tf.reshape(tf.slice(tokens, [0, 0, 0], [batch, 1, width]), [batch, width]); // [B, width]
  }
}

/** @throws EimError `width-mismatch` where the encoder has no such block, or no class token and one is to be read */
export function checkEncoder(
  name: string,
  { blocks, read }: VisualTokenOptions,
  { blockCount, classToken }: ImageEncoderShape,
): void {
  const deepest = Math.max(...blocks);
  if (deepest > blockCount) {
    throw new EimError({
      code: 'width-mismatch',
      message: `The ST '${name}' reads the output of block ${deepest} (visual.blocks), but the encoder has ${blockCount}.`,
      advice: `Name blocks from 1 to ${blockCount}.`,
      data: { blocks, blockCount },
    });
  }
  if (read === 'class-token' && !classToken) {
    throw new EimError({
      code: 'width-mismatch',
      message: `The ST '${name}' reads class tokens (visual.read), but the encoder says that it has none.`,
      advice:
        "Set visual.read to 'mean': the mean of each block's tokens. An encoder of one's own that has one says so by classToken.",
      data: { read },
    });
  }
}

const otherBlock = (name: string, block: number, expected: number, tokens: Tensor3D | undefined): EimError =>
  new EimError({
    code: tokens === undefined ? 'invalid-argument' : 'width-mismatch',
    message:
      tokens === undefined
        ? `The ST '${name}' was called without the encoder's output after block ${block}.`
        : `The ST '${name}' was given an output of block ${block} of width ${tokens.shape[2]}; it was built for ${expected}.`,
    advice: "Pass what the ST's `hiddenLayers` names, zeros for the rows of text alone.",
    data: { block, width: tokens?.shape[2], expected },
  });
