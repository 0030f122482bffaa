import type {
  Parameter,
  RandomStream,
  Tensor2D,
  Tensor3D,
  TextEncoder,
  TextSide,
} from '@eim/contracts/model';
import { dropout, embedding, linear } from '@eim/engine';
import { createParameter } from '../../testing/tiny-parts/create-parameter.js';
import { meanOverTokens } from '../objectives/masked-means.js';

/** The mean of token embeddings, with dropout, projected. */
export class TinyTextEncoder implements TextEncoder {
  readonly contextLength = 8;
  readonly pooledSize: number;
  readonly #tokens: Parameter;
  readonly #projection: Parameter;
  isDisposed = false;

  constructor(random: RandomStream, vocabularySize: number, pooledSize = 5) {
    this.pooledSize = pooledSize;
    this.#tokens = createParameter('tokens', [vocabularySize, 6], { role: 'embedding', depth: 0, random });
    this.#projection = createParameter('projection', [6, pooledSize], { role: 'weight', depth: 1, random });
  }

  encodeText(
    ids: Tensor2D,
    mask: Tensor2D,
    { training = false, random }: Parameters<TextEncoder['encodeText']>[2] = {},
  ): Tensor2D {
    const tokens = embedding<Tensor3D>(this.#tokens.variable as unknown as Tensor2D, ids); // [B, T, 6]
    const mean = meanOverTokens(tokens, mask); // [B, 6]
    const dropped = training ? dropout(mean, 0.2, random!) : mean;
    return linear(dropped, this.#projection.variable as unknown as Tensor2D); // [B, pooledSize]
  }

  parameters(): readonly Parameter[] {
    return [this.#tokens, this.#projection];
  }

  dispose(): void {
    this.isDisposed = true;
    for (const { variable } of this.parameters()) variable.dispose();
  }
}

/** A text side that spells by the letters of words, so that its ids are none of the LLM's. */
export function tinyTextSide(
  random: RandomStream,
  pooledSize?: number,
): TextSide & { encoder: TinyTextEncoder } {
  const encoder = new TinyTextEncoder(random, 64, pooledSize);
  const encode = (text: string) => {
    const words = text.split(' ').filter(Boolean);
    const ids = words.map(
      (word) => 3 + (([...word].reduce((sum, sign) => sum + sign.codePointAt(0)!, 0) * 7) % 61),
    );
    return [1, ...ids.slice(0, encoder.contextLength - 2), 2];
  };
  return { encoder, encode, padId: 0 };
}
