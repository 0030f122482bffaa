import { type NamedJson, tokenisePictures } from '@eim/benchmarks';
import { createMeteor, openMeteor } from '@eim/benchmarks/node';
import { candidatePictures } from './candidate-pictures.js';

/** Times METEOR once, with nothing compiled yet, as a command sees it. */
export async function runMeteorBenchmark(annotations: NamedJson, path: string): Promise<string> {
  const pictures = tokenisePictures(candidatePictures(annotations));
  const started = performance.now();
  const files = await openMeteor(path);
  const opened = performance.now();
  const meteor = await createMeteor(files, pictures);
  const loaded = performance.now();
  const { corpus } = meteor.score(pictures);
  const ended = performance.now();
  const seconds = (from: number, to: number) => `${((to - from) / 1000).toFixed(2)} s`;
  return `METEOR, one core, ${pictures.length} pictures
word lists          ${seconds(started, opened)}
paraphrase table    ${files.paraphraseFile === undefined ? 'none' : seconds(opened, loaded)}
scoring             ${seconds(loaded, ended)}
together            ${seconds(started, ended)} (30 wanted at most)
METEOR              ${corpus.toFixed(4)}`;
}
