import { EimError, type SpecialTokens, type Tokenizer } from '@eim/contracts';

/** The ids of a language model. */
export interface ModelVocabulary {
  readonly vocabularySize: number;
  readonly specialTokens: SpecialTokens;
  readonly tokenizer?: Tokenizer | undefined;
}

/** What a language model's options say of its ids. */
export interface VocabularyOptions {
  readonly vocabularySize?: number | undefined;
  /** `end` is absent where nothing ends a text; then `pad` stands for it, and fills rows by `end` where it is absent. */
  readonly specialTokens?:
    | {
        readonly begin?: number | undefined;
        readonly end?: number | undefined;
        readonly pad?: number | undefined;
      }
    | undefined;
}

/**
 * What a language model's options and its tokenizer say of the ids, the tokenizer first.
 * @param family of the model, for messages
 * @throws EimError `invalid-argument` where neither does; `width-mismatch` where the tokenizer has more ids,
 * those that were added to it left aside
 */
export function modelVocabulary(
  family: string,
  options: VocabularyOptions,
  tokenizer?: Tokenizer,
): ModelVocabulary {
  const vocabularySize = options.vocabularySize ?? tokenizer?.vocabularySize;
  const said = tokenizer?.specialTokens ?? options.specialTokens;
  if (vocabularySize === undefined || said === undefined) {
    throw new EimError({
      code: 'invalid-argument',
      message: `${family} was created without a tokenizer and without its own vocabularySize and specialTokens.`,
      advice: 'Pass a tokenizer, or both options.',
    });
  }
  if (
    tokenizer !== undefined &&
    tokenizer.vocabularySize - (tokenizer.addedTokenCount ?? 0) > vocabularySize
  ) {
    throw new EimError({
      code: 'width-mismatch',
      message: `The tokenizer has ${tokenizer.vocabularySize} ids; ${family} was given a vocabulary of ${vocabularySize}.`,
      advice: 'Raise vocabularySize, or leave it out to take the tokenizer’s.',
      data: { tokenizer: tokenizer.vocabularySize, vocabularySize },
    });
  }
  return { vocabularySize, specialTokens: completeIds(said, vocabularySize), tokenizer };
}

/**
 * As {@link modelVocabulary}, of published weights: what their own description says of the ids counts before the
 * tokenizer, which only says where a text ends if the description does not.
 */
export function describedVocabulary(
  family: string,
  options: VocabularyOptions,
  tokenizer?: Tokenizer,
): ModelVocabulary {
  const vocabulary = modelVocabulary(family, options, tokenizer);
  const { specialTokens: described } = options;
  if (described === undefined) return vocabulary;
  const end = described.end ?? tokenizer?.specialTokens.end;
  return { ...vocabulary, specialTokens: completeIds({ ...described, end }, vocabulary.vocabularySize) };
}

/** Rows are filled with an id that has an embedding, hidden as it is. */
function completeIds(
  { begin, end, pad }: NonNullable<VocabularyOptions['specialTokens']>,
  vocabularySize: number,
): SpecialTokens {
  const filling = pad ?? (end !== undefined && end < vocabularySize ? end : 0);
  return { ...(begin !== undefined && { begin }), end: end ?? filling, pad: filling };
}
