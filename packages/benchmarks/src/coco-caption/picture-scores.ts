/** A metric of a whole set that is the mean of its pictures'. */
export interface PictureScores {
  /** Mean over pictures. */
  readonly corpus: number;
  readonly perPicture: readonly number[];
}
