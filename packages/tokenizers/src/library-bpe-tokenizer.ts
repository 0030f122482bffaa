import { EimError, type SpecialTokens } from '@eim/contracts';
import { Tokenizer as LibraryTokenizer } from '@huggingface/tokenizers';
import { decodeLibraryTokens } from './decode-library-tokens.js';
import { checkLibraryBpeJson, type LibraryBpeJson } from './library-bpe-json.js';
import type { PublishedTokenizer, PublishedTokenizerOptions } from './published/published-tokenizer.js';
import { splitAtSpecials } from './published/split-at-specials.js';
import { surroundingTokens } from './published/surrounding-tokens.js';
import { unknownId } from './published/tokenizer-fault.js';
import type { SpecialTokenNames } from './special-tokens.js';
import { specialTokensOf } from './special-tokens.js';
import { addedCount } from './tokenizer-json.js';

/**
 * Byte pairs of the LLaMA families' `tokenizer.json`, encoded by the npm library of Hugging Face, which is exact
 * for the components that `checkLibraryBpeJson` lets through.
 */
export class LibraryBpeTokenizer implements PublishedTokenizer {
  readonly vocabularySize: number;
  readonly addedTokenCount: number;
  readonly specialTokens: SpecialTokens;
  readonly namedSpecialTokens: ReadonlyMap<string, number>;
  private readonly library: LibraryTokenizer;
  private readonly tokens: ReadonlyMap<number, string>;
  private readonly specialIds: ReadonlySet<number>;
  private readonly json: LibraryBpeJson;

  constructor(
    json: unknown,
    private readonly options: PublishedTokenizerOptions & { readonly specialTokens?: SpecialTokenNames } = {},
  ) {
    this.json = checkLibraryBpeJson(json);
    const { added_tokens: added, model } = this.json;
    const specials = added.filter(({ special }) => special);
    this.namedSpecialTokens = new Map(specials.map(({ content, id }) => [content, id]));
    this.specialIds = new Set(this.namedSpecialTokens.values());
    this.specialTokens = specialTokensOf(this.json, options.specialTokens);
    this.tokens = new Map([
      ...Object.entries(model.vocab).map(([token, id]) => [id, token] as const),
      ...added.map(({ content, id }) => [id, content] as const),
    ]);
    this.vocabularySize = [...this.tokens.keys()].reduce((size, id) => Math.max(size, id + 1), 0);
    this.addedTokenCount = addedCount(model.vocab, this.vocabularySize);
    // The library looks for added tokens in any text; special ones are parsed here, where asked for.
    const ordinary = added.filter(({ special }) => !special);
    this.library = guarded(
      () => new LibraryTokenizer({ ...this.json, added_tokens: ordinary, post_processor: null }, {}),
    );
  }

  encode(text: string): number[] {
    if (!this.options.parseSpecialTokens) return this.encodeText(text);
    return splitAtSpecials(text, this.namedSpecialTokens).flatMap((part) =>
      typeof part === 'number' ? [part] : this.encodeText(part),
    );
  }

  private encodeText(text: string): number[] {
    if (text === '') return [];
    // Lone surrogates, which UTF-8 cannot hold, become U+FFFD.
    const wellFormed = text.replace(/\p{Surrogate}/gu, '\ufffd');
    const ids: number[] = guarded(() => this.library.encode(wellFormed, { add_special_tokens: false }).ids);
    if (ids.every((id) => this.tokens.has(id))) return ids;
    throw new EimError({
      code: 'invalid-data',
      message: 'tokenizer.json has no token for a part of the text, nor an unknown token.',
      data: { text: text.slice(0, 100) },
    });
  }

  addSpecialTokens(ids: readonly number[]): number[] {
    const { before, after } = surroundingTokens(this.json.post_processor, this.namedSpecialTokens);
    return [...before, ...ids, ...after];
  }

  decode(ids: readonly number[]): string {
    const tokens: string[] = [];
    for (const id of ids) {
      const token = this.tokens.get(id);
      if (token === undefined) throw unknownId(id, this.vocabularySize);
      if (!this.specialIds.has(id)) tokens.push(token);
    }
    return decodeLibraryTokens(tokens, this.json.decoder);
  }

  toJSON(): unknown {
    return this.json;
  }
}

/** The library answers a damaged part with an error of the language. */
function guarded<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (cause) {
    throw new EimError({
      code: 'invalid-data',
      message: `tokenizer.json cannot be used: ${(cause as Error).message}.`,
      advice: 'A part of it is damaged; copy or download it again.',
      cause,
    });
  }
}

/** Whether it is for this class rather than for GPT-2's plain byte level. */
export function isLibraryJson(json: unknown): boolean {
  const { model, pre_tokenizer: pieces } = (json ?? {}) as Record<string, Record<string, unknown> | null>;
  const isBpe = model !== undefined && model !== null && (model.type ?? 'BPE') === 'BPE';
  return (
    isBpe &&
    (pieces?.type ?? 'none') !== 'ByteLevel' &&
    (model.byte_fallback === true || pieces?.type === 'Sequence')
  );
}
