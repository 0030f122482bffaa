import type { Tokenizer } from '@eim/contracts';
import type { ModelParts, RandomStream } from '@eim/contracts/model';
import { TinyEncoder } from './tiny-encoder.js';
import { TinyLanguageModel } from './tiny-language-model.js';
import { TinySemanticTransform } from './tiny-semantic-transform.js';

export interface TinyPartsOptions {
  readonly random: RandomStream;
  readonly tokenizer?: Tokenizer;
  /** @default 4 */
  readonly imageSize?: number;
  /** @default 8 */
  readonly hiddenSize?: number;
  /** @default 16 */
  readonly contextLength?: number;
}

/** Three tiny parts that fit each other: 4 x 4 pictures, a prefix of 2, one block. */
export function createTinyParts({
  random,
  hiddenSize = 8,
  imageSize = 4,
  ...llm
}: TinyPartsOptions): ModelParts {
  return {
    encoder: new TinyEncoder({ random: random.fork('encoder'), imageSize }),
    st: new TinySemanticTransform({ random: random.fork('st'), hiddenSize }),
    llm: new TinyLanguageModel({ random: random.fork('llm'), hiddenSize, ...llm }),
  };
}
