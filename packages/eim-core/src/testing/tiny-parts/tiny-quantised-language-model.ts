import type { Parameter, ReadOnlyWeight } from '@eim/contracts/model';
import * as tf from '@tensorflow/tfjs-core';
import { TinyLanguageModel, type TinyLanguageModelOptions } from './tiny-language-model.js';

const HEAD = 'head.weight';

/**
 * The tiny language model with a head of eight bits: whole numbers from -127 to 127, and a scale for each token of the
 * vocabulary. The head is no variable, so it can't learn; the bias behind it does.
 */
export class TinyQuantisedLanguageModel extends TinyLanguageModel {
  /** `[H, V]` int32: tfjs has no smaller whole numbers. */
  readonly #codes: tf.Tensor2D;
  /** `[V]` */
  readonly #scales: tf.Tensor1D;

  constructor(options: TinyLanguageModelOptions) {
    super(options);
    const { variable } = super.parameters().find(({ name }) => name === HEAD)!;
    const [codes, scales] = tf.tidy(() => {
      const greatest = tf.max(tf.abs(variable), 0); // [V]
      const steps = tf.div<tf.Tensor1D>(greatest, 127);
      return [tf.cast(tf.round(tf.div(variable, steps)), 'int32') as tf.Tensor2D, steps];
    });
    this.#codes = codes;
    this.#scales = scales;
    variable.dispose();
  }

  override parameters(): readonly Parameter[] {
    return super.parameters().filter(({ name }) => name !== HEAD);
  }

  readOnlyWeights(): readonly ReadOnlyWeight[] {
    const { shape, size } = this.#codes;
    return [
      {
        name: HEAD,
        shape,
        format: 'int8',
        byteCount: 4 * (size + this.#scales.size),
        role: 'weight',
        depth: this.blockCount + 1,
        read: async () => {
          const values = tf.tidy(() => this.#values());
          const data = Float32Array.from(await values.data());
          values.dispose();
          return data;
        },
      },
    ];
  }

  override dispose(): void {
    super.dispose();
    tf.dispose([this.#codes, this.#scales]);
  }

  protected override headWeight(): tf.Tensor2D {
    return this.#values();
  }

  #values(): tf.Tensor2D {
    return tf.mul(tf.cast(this.#codes, 'float32'), this.#scales); // [H, V]
  }
}
