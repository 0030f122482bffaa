import type { AddedToken } from '../tokenizer-json.js';
import { AddedTokenFinder } from './find-added-tokens.js';
import type { TextPiece } from './pieces.js';
import type { Normalize } from './read-normalizer.js';

/**
 * Splits texts at the tokens that were added to a vocabulary: those that are found in the text as it stands first, then the
 * others in normalised text (huggingface/tokenizers, `AddedVocabulary::extract_and_normalize`).
 */
export class AddedVocabulary {
  private readonly verbatim: AddedTokenFinder;
  private readonly normalized: AddedTokenFinder;

  /** @param keepsSpecial special tokens are found as well, not read as text */
  constructor(
    tokens: readonly AddedToken[],
    private readonly normalize: Normalize,
    keepsSpecial: boolean,
  ) {
    // Special tokens are looked for first, which decides between two that are spelt alike.
    const ordered = [...tokens.filter(({ special }) => special), ...tokens.filter(({ special }) => !special)];
    const finder = (isNormalized: boolean) =>
      new AddedTokenFinder(
        ordered
          .filter(({ normalized }) => normalized === isNormalized)
          .map(({ content, ...token }) => ({
            ...token,
            spelling: isNormalized ? normalize(content) : content,
          })),
        keepsSpecial,
      );
    this.verbatim = finder(false);
    this.normalized = finder(true);
  }

  /** @returns ids of tokens, and normalised text between them */
  split(text: string): (number | TextPiece)[] {
    return this.verbatim.find(text).flatMap(({ from, to, id }): (number | TextPiece)[] => {
      if (id !== undefined) return [id];
      const normal = this.normalize(text.slice(from, to));
      return this.normalized
        .find(normal)
        .map((stretch) =>
          stretch.id !== undefined
            ? stretch.id
            : { text: normal.slice(stretch.from, stretch.to), atStart: from === 0 && stretch.from === 0 },
        );
    });
  }
}
