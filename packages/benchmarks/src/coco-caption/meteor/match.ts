/** METEOR's modules, in the order in which their matches are tried. */
export const METEOR_MODULES = ['exact', 'stem', 'synonym', 'paraphrase'] as const;
export type MeteorModule = (typeof METEOR_MODULES)[number];

/** A phrase of the hypothesis that may stand for one of the reference. */
export interface Match {
  /** Place in `METEOR_MODULES`. */
  readonly module: number;
  readonly hypothesisStart: number;
  readonly hypothesisLength: number;
  readonly referenceStart: number;
  readonly referenceLength: number;
}
