import type { SpecialTokens } from '@eim/contracts';
import { decodeLibraryTokens } from '../decode-library-tokens.js';
import type { PublishedTokenizer, PublishedTokenizerOptions } from '../published/published-tokenizer.js';
import type { SurroundingTokens } from '../published/surrounding-tokens.js';
import { unknownId } from '../published/tokenizer-fault.js';
import { type SpecialTokenNames, specialTokensOf } from '../special-tokens.js';
import type { AddedToken } from '../tokenizer-json.js';
import { AddedVocabulary } from './added-vocabulary.js';
import { BpeModel } from './bpe-model.js';
import { JsonFields } from './json-fields.js';
import { readAddedTokens } from './read-added-tokens.js';
import { checkDecoder } from './read-decoder.js';
import { readNormalizer } from './read-normalizer.js';
import { readPostProcessor } from './read-post-processor.js';
import { type PreTokenize, readPreTokenizer } from './read-pre-tokenizer.js';

export interface PipelineOptions extends PublishedTokenizerOptions {
  readonly specialTokens?: SpecialTokenNames;
}

/**
 * The byte-pair encoding of a `tokenizer.json`, part by part as Python's `tokenizers` applies them: added tokens, normalizer,
 * pre-tokenizer, model and post-processor. Ids equal that library's, with `encode_special_tokens` unless special tokens are
 * parsed.
 */
export class PipelineTokenizer implements PublishedTokenizer {
  readonly vocabularySize: number;
  readonly addedTokenCount: number;
  readonly namedSpecialTokens: ReadonlyMap<string, number>;
  private readonly added: readonly AddedToken[];
  private readonly addedVocabulary: AddedVocabulary;
  private readonly preTokenize: PreTokenize;
  private readonly model: BpeModel;
  private readonly surroundings: SurroundingTokens;
  private readonly tokens: (string | undefined)[] = [];
  private readonly specialIds: ReadonlySet<number>;
  private known: SpecialTokens | undefined;

  /** @throws EimError `invalid-data` naming the first part or field that is not read exactly */
  constructor(
    private readonly json: unknown,
    options: PipelineOptions = {},
  ) {
    const file = new JsonFields(json, '');
    file.only(
      ...['version', 'truncation', 'padding', 'added_tokens', 'normalizer', 'pre_tokenizer'],
      ...['post_processor', 'decoder', 'model'],
    );
    file.off('truncation', 'padding');
    this.model = new BpeModel(file.get('model'));
    const normalize = readNormalizer(file.get('normalizer'));
    this.preTokenize = readPreTokenizer(file.get('pre_tokenizer'));
    this.surroundings = readPostProcessor(file.get('post_processor'));
    checkDecoder(file.get('decoder'));
    this.added = readAddedTokens(file.get('added_tokens'), this.model.vocabulary);
    this.addedVocabulary = new AddedVocabulary(this.added, normalize, options.parseSpecialTokens ?? false);
    const specials = this.added.filter(({ special }) => special);
    this.namedSpecialTokens = new Map(specials.map(({ content, id }) => [content, id]));
    this.specialIds = new Set(this.namedSpecialTokens.values());
    for (const [token, id] of this.model.vocabulary) this.tokens[id] = token;
    for (const { content, id } of this.added) this.tokens[id] = content;
    this.vocabularySize = this.tokens.length;
    this.addedTokenCount = this.vocabularySize - this.model.size;
    if (options.specialTokens)
      this.known = specialTokensOf(this.added, options.specialTokens, this.surroundings);
  }

  /** @throws EimError where neither the file nor the options say which token ends a text */
  get specialTokens(): SpecialTokens {
    this.known ??= specialTokensOf(this.added, undefined, this.surroundings);
    return this.known;
  }

  encode(text: string): number[] {
    // Lone surrogates, which UTF-8 cannot hold, become U+FFFD.
    const wellFormed = text.replace(/\p{Surrogate}/gu, '\ufffd');
    return this.addedVocabulary
      .split(wellFormed)
      .flatMap((part) =>
        typeof part === 'number'
          ? [part]
          : this.preTokenize([part]).flatMap((piece) => this.model.encode(piece.text)),
      );
  }

  addSpecialTokens(ids: readonly number[]): number[] {
    const { before, after } = this.surroundings;
    return [...before, ...ids, ...after];
  }

  decode(ids: readonly number[]): string {
    const tokens = ids.filter((id) => !this.specialIds.has(id)).map((id) => this.tokenOf(id));
    return decodeLibraryTokens(tokens, (this.json as { readonly decoder?: unknown }).decoder);
  }

  private tokenOf(id: number): string {
    const token = this.tokens[id];
    if (token !== undefined) return token;
    throw unknownId(id, this.vocabularySize);
  }

  toJSON(): unknown {
    return this.json;
  }
}
