import type { SpecialTokens } from '@eim/contracts';
import type { Batch, Parameter, RandomStream, Tensor1D, Tensor2D, Tensor3D } from '@eim/contracts/model';
import { embedding, gelu, linear } from '@eim/engine';
import { add, reshape, slice } from '@tensorflow/tfjs-core';
import { drawParameter } from '../draw-parameter.js';
import { contentMask, meanOverTokens } from '../masked-means.js';
import type { ContrastTexts } from './contrast-texts.js';

export interface TrainedTextsOptions {
  readonly vocabularySize: number;
  /** Greatest text length. */
  readonly textLength: number;
  readonly width: number;
  readonly projectionSize: number;
  readonly specialTokens: SpecialTokens;
  readonly random: RandomStream;
}

/**
 * The text half of contrastive training, thrown away with the segment: token and position embeddings, their
 * mean over the caption, and one hidden layer. Captions are short, and what a picture's vector has to tell
 * apart is mostly which words occur, so a transformer here would cost more than it teaches the encoder.
 */
export class TrainedTexts implements ContrastTexts {
  readonly size: number;
  readonly #specialTokens: SpecialTokens;
  readonly #token: Parameter;
  readonly #position: Parameter;
  readonly #hidden: { readonly weight: Parameter; readonly bias: Parameter };
  readonly #projection: Parameter;

  constructor({
    vocabularySize,
    textLength,
    width,
    projectionSize,
    specialTokens,
    random,
  }: TrainedTextsOptions) {
    const deviation = width ** -0.5;
    this.size = projectionSize;
    this.#specialTokens = specialTokens;
    this.#token = drawParameter('text.token', [vocabularySize, width], 'embedding', random, 0.02);
    this.#position = drawParameter('text.position', [textLength, width], 'position', random, 0.01);
    this.#hidden = {
      weight: drawParameter('text.hidden.weight', [width, width], 'weight', random, deviation),
      bias: drawParameter('text.hidden.bias', [width], 'bias', random, 0),
    };
    this.#projection = drawParameter('text.projection', [width, projectionSize], 'weight', random, deviation);
  }

  /** One vector a caption row: `[R, projectionSize]`, not normalised. */
  encode(batch: Batch): { readonly vectors: Tensor2D; readonly mask: Tensor2D } {
    const { ids } = batch;
    const [rows, length] = ids.shape;
    const width = this.#token.variable.shape[1]!;
    const mask = contentMask(batch, this.#specialTokens); // [R, T]
    const tokens = embedding<Tensor3D>(this.#token.variable as unknown as Tensor2D, ids); // [R, T, W]
    const positions = slice(this.#position.variable, [0, 0], [length, width]); // [T, W]
    const placed = add(tokens, reshape(positions, [1, length, width])) as Tensor3D; // [R, T, W]
    const mean = reshape(meanOverTokens(placed, mask), [rows, width]) as Tensor2D; // [R, W]
    const { weight, bias } = this.#hidden;
    const hidden = linear(mean, weight.variable as unknown as Tensor2D, bias.variable as unknown as Tensor1D);
    const mixed = add(mean, gelu(hidden)) as Tensor2D; // [R, W]
    return { mask, vectors: linear(mixed, this.#projection.variable as unknown as Tensor2D) };
  }

  dispose(): void {
    for (const { variable } of this.parameters()) variable.dispose();
  }

  parameters(): readonly Parameter[] {
    return [this.#token, this.#position, this.#hidden.weight, this.#hidden.bias, this.#projection];
  }
}
