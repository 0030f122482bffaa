/**
 * Speed of the caption metrics on COCO's val2017 captions: `npm run bench -- caption-metrics [captions.json]`.
 * `EIM_METEOR` names METEOR's jar or folder; `EIM_PYTHON` a Python with pycocoevalcap (and Java beside it), which is
 * then run on the same files, in turn with the `eim` command.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { runBesidePython } from './run-beside-python.js';
import { runCaptionMetricsBenchmark } from './run-caption-metrics-benchmark.js';
import { runMeteorBenchmark } from './run-meteor-benchmark.js';

const root = resolve(import.meta.dirname, '../../../..');
const data = resolve(root, process.env.EIM_DATA ?? '../shared/data');
const path = process.argv[2] ?? join(data, 'coco-caption/captions_val2017.json');
if (!existsSync(path)) {
  console.log(
    `Caption metrics: not measured, there is no ${path} (COCO annotations; set EIM_DATA or name a file).`,
  );
} else {
  const annotations = { file: path, json: JSON.parse(readFileSync(path, 'utf8')) };
  const report = runCaptionMetricsBenchmark(annotations, 5);
  console.log(`Caption metrics (BLEU, ROUGE-L, CIDEr), one core, tokenisation included, median of ${report.runs}
pictures            ${report.pictures}, the first caption of each as the next picture's candidate
reference captions  ${report.references}
first run           ${report.firstSeconds.toFixed(2)} s (5 wanted at most)
median              ${report.seconds.toFixed(2)} s
of it tokenisation  ${report.tokeniseSeconds.toFixed(2)} s
CIDEr               ${report.scores.CIDEr.toFixed(4)}, Bleu_4 ${report.scores.Bleu_4.toFixed(4)}`);
  const { EIM_METEOR, EIM_PYTHON } = process.env;
  if (!EIM_METEOR) console.log('METEOR: not measured (set EIM_METEOR to its jar or folder).');
  else {
    const cacheFolder = mkdtempSync(join(tmpdir(), 'eim-bench-'));
    try {
      console.log(await runMeteorBenchmark(annotations, { path: EIM_METEOR, cacheFolder }));
    } finally {
      rmSync(cacheFolder, { recursive: true, force: true });
    }
  }
  if (!EIM_PYTHON) console.log('pycocoevalcap: not measured (set EIM_PYTHON to a Python that has it).');
  else console.log(runBesidePython(annotations, { python: EIM_PYTHON, meteor: EIM_METEOR, runs: 3 }));
}
