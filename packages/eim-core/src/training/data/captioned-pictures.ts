import type { Picture, Row } from '@eim/contracts';

/** A picture with all that rows say of it. */
export interface CaptionedPicture {
  readonly picture: Picture;
  readonly captions: readonly string[];
}

/** The distinct pictures of rows, by fingerprint, with the answers of all rows that show them; those without answers are passed over. */
export function captionedPictures(rows: readonly Row[]): ReadonlyMap<string, CaptionedPicture> {
  const found = new Map<string, { picture: Picture; captions: string[] }>();
  for (const { picture, answers } of rows) {
    if (!picture || answers.length === 0) continue;
    const known = found.get(picture.fingerprint);
    if (known) known.captions.push(...answers);
    else found.set(picture.fingerprint, { picture, captions: [...answers] });
  }
  return found;
}
