import { createRandomStream } from '@eim/engine';
import { pictureDataUri, type ReportPicture } from '@eim/report';
import type { CaptionedRow } from '../evaluation/captioned-rows.js';

/** Pictures shown in a report. */
const SHOWN = 24;

/** Held-out pictures drawn by seed, with their captions by run. */
export async function reportPictures(
  pictures: readonly CaptionedRow[],
  captions: ReadonlyMap<string, ReadonlyMap<string, string>>,
): Promise<ReportPicture[]> {
  const drawn = createRandomStream('report').shuffle(pictures).slice(0, SHOWN);
  return Promise.all(
    drawn.map(async ({ id, answers: references, picture }) => ({
      id,
      dataUri: pictureDataUri(await picture.load()),
      references,
      captions: Object.fromEntries([...captions].map(([run, byId]) => [run, byId.get(id) ?? ''])),
    })),
  );
}
