import type { CaptionSet } from '@eim/benchmarks';
import { createMeteor, openMeteor } from '@eim/benchmarks/node';
import type { CompleteContext } from '../context.js';
import { meteorCacheFolder } from './meteor-cache-folder.js';

/** METEOR of the whole set. @param path METEOR's jar or folder */
export async function meteorOf(
  captions: CaptionSet,
  path: string,
  { environment, onNote }: Pick<CompleteContext, 'environment' | 'onNote'>,
  notes: string[],
): Promise<number> {
  const files = await openMeteor(path);
  if (files.paraphraseFile === undefined) {
    notes.push(
      `METEOR is without paraphrases, which is lower than published: there is no paraphrase-en.gz beside ${path}.`,
    );
  }
  const meteor = await createMeteor(files, {
    cacheFolder: meteorCacheFolder(environment),
    onNote,
  });
  return meteor.score(captions).corpus;
}
