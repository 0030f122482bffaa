// Run from the repository's root, after `npm run setup`: npx tsx apps/bench/src/caption-metrics/main.ts [captions.json]
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { runCaptionMetricsBenchmark } from './run-caption-metrics-benchmark.js';

const data = resolve(process.env.EIM_DATA ?? '../shared/data');
const path = process.argv[2] ?? join(data, 'coco-caption/captions_val2017.json');
if (!existsSync(path)) {
  console.log(
    `Caption metrics: not measured, there is no ${path} (COCO annotations; set EIM_DATA or name a file).`,
  );
} else {
  const report = runCaptionMetricsBenchmark({ file: path, json: JSON.parse(readFileSync(path, 'utf8')) }, 5);
  console.log(`Caption metrics (BLEU, ROUGE-L, CIDEr), one core, tokenisation included, median of ${report.runs}
pictures            ${report.pictures}, the first caption of each as the next picture's candidate
reference captions  ${report.references}
first run           ${report.firstSeconds.toFixed(2)} s (5 wanted at most)
median              ${report.seconds.toFixed(2)} s
of it tokenisation  ${report.tokeniseSeconds.toFixed(2)} s
CIDEr               ${report.scores.CIDEr.toFixed(4)}, Bleu_4 ${report.scores.Bleu_4.toFixed(4)}`);
}
