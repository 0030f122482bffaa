// Run from the repository's root, after `npm run setup`: npm run bench -- satellite-captions [--runs DIR]
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { runSatelliteCaptionsBenchmark } from './run-satellite-captions-benchmark.js';

/** Test CIDEr that is wanted, and the greatest p against a baseline. */
const WANTED = { CIDEr: 0.29, p: 0.05 };

const { values } = parseArgs({
  options: { runs: { type: 'string', default: 'runs/satellite-captions' } },
  allowPositionals: true,
  strict: false,
});
const start = process.env.INIT_CWD ?? process.cwd();
// Relative to where the command was typed; the configs would take it from their own folder.
if (process.env.EIM_DATA) process.env.EIM_DATA = resolve(start, process.env.EIM_DATA);
const data = process.env.EIM_DATA && join(process.env.EIM_DATA, 'captions/rsicd-2400/captions.json');
if (!data || !existsSync(data)) {
  const reason = data ? `there is no ${data}` : 'EIM_DATA is not set';
  console.log(`Satellite captions: not measured, ${reason} (a folder with captions/rsicd-2400).`);
} else {
  const { runs, baselines, comparisons, computeRatio, pictures, report } =
    await runSatelliteCaptionsBenchmark(resolve(start, String(values.runs)), (line) => console.log(line));
  const isRun = (name: string) => runs.some((run) => run.name === name);
  console.log(`\nSatellite captions (RSICD, 1,800 training pictures), greedy, ${pictures} test pictures`);
  for (const { name, scores } of [...runs, ...baselines]) {
    console.log(`${name.padEnd(22)} CIDEr ${scores.CIDEr.toFixed(3)}, BLEU-4 ${scores.Bleu_4.toFixed(3)}`);
  }
  for (const { name, scores, steps, multiplyAdds, seconds } of runs) {
    const tests = comparisons.filter(({ better, than }) => better === name && !isRun(than));
    const beats = tests.every(({ difference, pValue }) => difference > 0 && pValue < WANTED.p);
    const greatest = Math.max(...tests.map(({ pValue }) => pValue));
    console.log(`
${name}: ${steps} steps, ${(multiplyAdds / 1e12).toFixed(2)} T multiply-adds, ${(seconds / 60).toFixed(1)} min of training
CIDEr at least ${WANTED.CIDEr}: ${scores.CIDEr >= WANTED.CIDEr ? 'yes' : 'no'} (${scores.CIDEr.toFixed(4)})
better than every baseline but a person, p < ${WANTED.p}: ${beats ? 'yes' : 'no'} (two-sided p at most ${greatest.toFixed(4)})`);
  }
  console.log(
    `compute of ${runs[0]?.name} to ${runs[1]?.name}: ${computeRatio.toFixed(3)}\nReport: ${report}`,
  );
}
