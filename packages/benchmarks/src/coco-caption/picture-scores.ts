/** One picture's captions as tokenised text: words joined by single spaces, punctuation removed. */
export interface TokenisedPicture {
  readonly candidate: string;
  /** At least one. */
  readonly references: readonly string[];
}

/** A metric of a whole set that is the mean of its pictures'. */
export interface PictureScores {
  /** Mean over pictures. */
  readonly corpus: number;
  readonly perPicture: readonly number[];
}

/** Arithmetic mean; 0 of nothing. */
export function mean(values: readonly number[]): number {
  let sum = 0;
  for (const value of values) sum += value;
  return values.length === 0 ? 0 : sum / values.length;
}
