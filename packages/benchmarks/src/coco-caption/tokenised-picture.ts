/** One picture's captions as tokenised text: words joined by single spaces, punctuation removed. */
export interface TokenisedPicture {
  readonly candidate: string;
  /** At least one. */
  readonly references: readonly string[];
}
