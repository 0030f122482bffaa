import type {
  BlockStart,
  EncodeOptions,
  ImageEncoder,
  Parameter,
  RandomStream,
  WholeEncodedImages,
} from '@eim/contracts/model';
import * as tf from '@tensorflow/tfjs-core';
import { createParameter } from '../../testing/tiny-parts/create-parameter.js';
import { TINY_SIDE } from './tiny-dataset.js';

const WIDTH = 6;

/** A tiny encoder of several blocks, each with a place for an adapter: rows of pixels as tokens, a head on the mean token. */
export class TinyBlockEncoder implements ImageEncoder {
  readonly pooledSize = 5;
  readonly tokenSize = WIDTH;
  readonly tokenCount = TINY_SIDE;
  readonly blockCount: number;
  readonly insertionPoints: ImageEncoder['insertionPoints'];
  readonly preprocessing: ImageEncoder['preprocessing'] = {
    imageSize: TINY_SIDE,
    resize: 'stretch',
    filter: 'bilinear',
    cropRounding: 'floor',
    mean: [0.5, 0.5, 0.5],
    standardDeviation: [0.5, 0.5, 0.5],
  };
  readonly #embed: Parameter;
  readonly #blocks: readonly Parameter[];
  readonly #head: Parameter;

  constructor(random: RandomStream, blockCount = 3) {
    const weight = (name: string, shape: readonly number[], depth: number) =>
      createParameter(`${name}.weight`, shape, { role: 'weight', depth, random });
    const indices = Array.from({ length: blockCount }, (_, index) => index);
    this.blockCount = blockCount;
    this.#embed = weight('embed', [TINY_SIDE * 3, WIDTH], 0);
    this.#blocks = indices.map((index) => weight(`blocks.${index}`, [WIDTH, WIDTH], 1 + index));
    this.#head = weight('head', [WIDTH, this.pooledSize], 1 + blockCount);
    this.insertionPoints = indices.map((block) => ({
      name: `blocks.${block}.mlp.input`,
      block,
      position: 'mlp.input',
      width: WIDTH,
    }));
  }

  encode(pixels: tf.Tensor4D, options: EncodeOptions = {}): WholeEncodedImages {
    const batch = pixels.shape[0];
    const rows = tf.reshape(pixels, [batch * TINY_SIDE, -1]); // [B*N, S*3]
    return this.#finish(tf.matMul(rows, matrix(this.#embed)), 0, options);
  }

  encodeFrom({ block, hidden }: BlockStart, options: EncodeOptions = {}): WholeEncodedImages {
    return this.#finish(tf.reshape(hidden, [-1, WIDTH]), block, options);
  }

  parameters(): readonly Parameter[] {
    return [this.#embed, ...this.#blocks, this.#head];
  }

  dispose(): void {
    for (const { variable } of this.parameters()) variable.dispose();
  }

  /** @param entering `[B*N, D]` */
  #finish(
    entering: tf.Tensor2D,
    start: number,
    { injection, hiddenLayers = [] }: EncodeOptions,
  ): WholeEncodedImages {
    const batch = entering.shape[0] / TINY_SIDE;
    const shape = { batch, length: TINY_SIDE };
    const inRows = (x: tf.Tensor2D): tf.Tensor3D => tf.reshape(x, [batch, TINY_SIDE, WIDTH]); // [B, N, D]
    const hidden = new Map<number, tf.Tensor3D>();
    let x = entering; // [B*N, D]
    for (const [index, block] of this.#blocks.entries()) {
      if (index < start) continue;
      const adapter = injection?.blockAdapters?.get(`blocks.${index}.mlp.input`);
      const adapted = adapter ? adapter.apply(x, shape, adapter.route?.(x, shape)) : x; // [B*N, D]
      x = tf.add(adapted, tf.tanh(tf.matMul(adapted, matrix(block)))); // [B*N, D]
      if (hiddenLayers.includes(index + 1)) hidden.set(index + 1, inRows(x));
    }
    const tokens = inRows(x); // [B, N, D]
    const pooled = tf.matMul<tf.Tensor2D>(tf.mean(tokens, 1), matrix(this.#head)); // [B, pooledSize]
    return { pooled, tokens, ...(hiddenLayers.length > 0 && { hidden }) };
  }
}

const matrix = ({ variable }: Parameter): tf.Tensor2D => variable as unknown as tf.Tensor2D;
