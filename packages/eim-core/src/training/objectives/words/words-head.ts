import type {
  EncodedImages,
  Parameter,
  RandomStream,
  SemanticTransform,
  Tensor,
  Tensor1D,
  Tensor2D,
} from '@eim/contracts/model';
import { linear } from '@eim/engine';
import { add, reshape, tensor1d } from '@tensorflow/tfjs-core';
import { drawParameter } from '../draw-parameter.js';
import { readsTokensAlone } from '../features-read.js';
import { logSumExp } from '../log-sum-exp.js';

export interface WordsHeadOptions {
  readonly st: Pick<SemanticTransform, 'reads'>;
  /** Sizes of the encoder's outputs. */
  readonly encoder: { readonly pooledSize: number; readonly tokenSize: number };
  /** `[W]`, the share of each word among all that is said; the head starts from guessing by it. */
  readonly shares: Float32Array;
  readonly random: RandomStream;
}

/** Rarest share that counts, so that its logarithm is finite. */
const LEAST_SHARE = 1e-6;

/**
 * Tells words from what the ST reads of a picture, by one linear layer that is thrown away with the segment. Where the ST reads
 * tokens, a word is seen in any of them: the log of the sum over tokens counts, so that the place that shows a thing
 * learns its name.
 */
export class WordsHead {
  readonly #readsTokens: boolean;
  readonly #weight: Parameter;
  readonly #bias: Parameter;

  constructor({ st, encoder, shares, random }: WordsHeadOptions) {
    this.#readsTokens = readsTokensAlone(st);
    const width = this.#readsTokens ? encoder.tokenSize : encoder.pooledSize;
    this.#weight = drawParameter('words.weight', [width, shares.length], 'weight', random, 0);
    this.#bias = drawParameter('words.bias', [shares.length], 'bias', random, 0);
    const start = tensor1d(shares.map((share) => Math.log(Math.max(share, LEAST_SHARE))));
    this.#bias.variable.assign(start);
    start.dispose();
  }

  /** Which output of the encoder it looks at. */
  get reads(): 'pooled' | 'tokens' {
    return this.#readsTokens ? 'tokens' : 'pooled';
  }

  /** @returns `[P, W]`, of which a softmax gives the words' shares */
  logits({ pooled, tokens }: EncodedImages): Tensor2D {
    const weight = this.#weight.variable as unknown as Tensor2D; // [D, W]
    const bias = this.#bias.variable as unknown as Tensor1D; // [W]
    if (!this.#readsTokens) return linear(pooled!, weight, bias);
    const [pictures, count, width] = tokens!.shape; // [P, N, D]
    const flat = linear(reshape(tokens!, [pictures * count, width]) as Tensor2D, weight); // [P*N, W]
    const byToken: Tensor = reshape(flat, [pictures, count, -1]); // [P, N, W]
    return add(logSumExp(byToken, 1), bias) as Tensor2D;
  }

  parameters(): readonly Parameter[] {
    return [this.#weight, this.#bias];
  }
}
