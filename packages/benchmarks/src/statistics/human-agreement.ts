import { EimError } from '@eim/contracts';
import { type CaptionScoreReport, scoreCaptions } from '../coco-caption/score-captions.js';

/**
 * One human sentence against the rest: the first caption of each picture that has two or more, scored
 * against the picture's others. What people reach on the same pictures, with one reference fewer.
 */
export function humanAgreement(
  references: readonly (readonly string[])[],
): CaptionScoreReport & { readonly left: number } {
  const pictures = references
    .filter((captions) => captions.length > 1)
    .map(([candidate, ...others]) => ({ candidate: candidate!, references: others }));
  if (pictures.length === 0) {
    throw new EimError({
      code: 'invalid-data',
      message: 'No picture has two captions, so none can be scored against the rest.',
    });
  }
  return { ...scoreCaptions(pictures), left: references.length - pictures.length };
}
