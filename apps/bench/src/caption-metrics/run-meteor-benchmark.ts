import { CaptionSet, type NamedJson } from '@eim/benchmarks';
import { createMeteor, openMeteor } from '@eim/benchmarks/node';
import { candidatePictures } from './candidate-pictures.js';

/**
 * Times METEOR once, with nothing compiled yet, as a command sees it.
 * @param cacheFolder where the table of paraphrases is kept; it is read twice, so that it is there the second time
 */
export async function runMeteorBenchmark(
  annotations: NamedJson,
  { path, cacheFolder }: { readonly path: string; readonly cacheFolder: string },
): Promise<string> {
  const captions = CaptionSet.ofRaw(candidatePictures(annotations));
  const started = performance.now();
  const files = await openMeteor(path);
  const opened = performance.now();
  await createMeteor(files, { cacheFolder });
  const built = performance.now();
  const meteor = await createMeteor(files, { cacheFolder });
  const loaded = performance.now();
  const { corpus } = meteor.score(captions);
  const ended = performance.now();
  const seconds = (from: number, to: number) => `${((to - from) / 1000).toFixed(2)} s`;
  const table = (from: number, to: number) =>
    files.paraphraseFile === undefined ? 'none' : seconds(from, to);
  return `METEOR, one core, ${captions.size} pictures
word lists          ${seconds(started, opened)}
paraphrase table    ${table(opened, built)} the first time, ${table(built, loaded)} from then on
scoring             ${seconds(loaded, ended)}
together            ${seconds(started, ended)} (30 wanted at most)
METEOR              ${corpus.toFixed(4)}`;
}
