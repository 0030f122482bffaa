import type { ExportedGgufValue } from '@eim/contracts';
import { TOKEN_KIND } from '../gguf-token-kinds.js';
import { unwritable } from './unwritable.js';

type TokenKind = (typeof TOKEN_KIND)[keyof typeof TOKEN_KIND];

/** Lists of tokens that are as long as the model's table. */
export class PaddedTokens {
  constructor(private readonly vocabularySize: number) {}

  /**
   * The keys of tokens and their kinds; ids without a token get an unused one.
   * @throws EimError `invalid-argument` where there are more tokens than the model has rows
   */
  keys(
    tokens: ReadonlyMap<number, { readonly text: string; readonly kind: TokenKind; readonly score?: number }>,
  ): Readonly<Record<string, ExportedGgufValue>> {
    const beyond = [...tokens.keys()].find((id) => id >= this.vocabularySize);
    if (beyond !== undefined)
      throw unwritable(`it has the id ${beyond}, and the model ${this.vocabularySize} rows`);
    const ids = Array.from({ length: this.vocabularySize }, (_, id) => id);
    const has = [...tokens.values()].some(({ score }) => score !== undefined);
    return {
      'tokenizer.ggml.tokens': {
        type: 'strings',
        value: ids.map((id) => tokens.get(id)?.text ?? `[PAD${id}]`),
      },
      'tokenizer.ggml.token_type': {
        type: 'int32s',
        value: ids.map((id) => tokens.get(id)?.kind ?? TOKEN_KIND.unused),
      },
      ...(has && {
        'tokenizer.ggml.scores': {
          type: 'float32s' as const,
          value: ids.map((id) => tokens.get(id)?.score ?? -1e4),
        },
      }),
    };
  }
}
