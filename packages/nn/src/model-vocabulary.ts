import { EimError, type SpecialTokens, type Tokenizer } from '@eim/contracts';

/** The ids of a language model. */
export interface ModelVocabulary {
  readonly vocabularySize: number;
  readonly specialTokens: SpecialTokens;
  readonly tokenizer?: Tokenizer | undefined;
}

/**
 * What a language model's options and its tokenizer say of the ids.
 * @param family of the model, for messages
 * @throws EimError `invalid-argument` where neither does; `width-mismatch` where the tokenizer has more ids,
 * those that were added to it left aside
 */
export function modelVocabulary(
  family: string,
  options: {
    readonly vocabularySize?: number | undefined;
    readonly specialTokens?: SpecialTokens | undefined;
  },
  tokenizer?: Tokenizer,
): ModelVocabulary {
  const vocabularySize = options.vocabularySize ?? tokenizer?.vocabularySize;
  const specialTokens = tokenizer?.specialTokens ?? options.specialTokens;
  if (vocabularySize === undefined || specialTokens === undefined) {
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
  return { vocabularySize, specialTokens, tokenizer };
}
