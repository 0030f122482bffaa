import type { Picture, Row } from '@eim/contracts';

/** A picture with all that rows say of it. */
export interface CaptionedPicture {
  readonly picture: Picture;
  readonly captions: readonly string[];
}

/** Whether a row's answers are captions: it shows a picture, and asks nothing. */
export const isCaption = ({ picture, prompt, earlier, system }: Row): boolean =>
  picture !== undefined && prompt === '' && !earlier?.length && !system;

/** The distinct pictures of rows of captions, by fingerprint. */
export function captionedPictures(rows: readonly Row[]): ReadonlyMap<string, CaptionedPicture> {
  const found = new Map<string, { picture: Picture; captions: string[] }>();
  for (const { picture, answers } of rows.filter(isCaption)) {
    const known = found.get(picture!.fingerprint);
    if (known) known.captions.push(...answers);
    else found.set(picture!.fingerprint, { picture: picture!, captions: [...answers] });
  }
  return found;
}
