import type { CaptionedPicture } from '@eim/contracts';
import { createRandomStream } from '@eim/engine';
import { pictureDataUri, type ReportPicture } from '@eim/report';

/** Pictures shown in a report. */
const SHOWN = 24;

/** Held-out pictures drawn by seed, with their captions by run. */
export async function reportPictures(
  pictures: readonly CaptionedPicture[],
  captions: ReadonlyMap<string, ReadonlyMap<string, string>>,
): Promise<ReportPicture[]> {
  const drawn = createRandomStream('report').shuffle(pictures).slice(0, SHOWN);
  return Promise.all(
    drawn.map(async ({ id, captions: references, load }) => ({
      id,
      dataUri: pictureDataUri(await load()),
      references,
      captions: Object.fromEntries([...captions].map(([run, byId]) => [run, byId.get(id) ?? ''])),
    })),
  );
}
