import type { Benchmark, BenchmarkScores } from '@eim/contracts';
import type { Answer } from './answer-items.js';
import type { BenchmarkItem } from './benchmark-data.js';
import type { BenchmarkFolder } from './benchmark-folder.js';
import type { BenchmarkManifest } from './benchmark-manifest.js';
import { renderHtml, renderMarkdown } from './benchmark-report.js';
import { scoreAnswers } from './score-answers.js';

/** A whole evaluation, as `--json` prints it after its scores. */
export interface EvaluationOutcome {
  readonly scores: BenchmarkScores;
  readonly benchmark: string;
  readonly items: number;
  readonly folder: string;
  readonly report: string;
}

/** Scores all answers and writes `answers.json`, `manifest.json`, `scores.json` and the reports. */
export async function finishEvaluation(
  folder: BenchmarkFolder,
  benchmark: Benchmark,
  manifest: BenchmarkManifest,
  items: readonly BenchmarkItem[],
  answers: readonly Answer[],
): Promise<EvaluationOutcome> {
  const scored = scoreAnswers(benchmark, manifest, items, answers);
  await folder.write('manifest.json', manifest);
  await folder.write('answers.json', answers);
  await folder.write('scores.json', scored.scores);
  await folder.write('report.md', renderMarkdown(manifest, scored));
  const report = await folder.write('report.html', await renderHtml(manifest, scored));
  return {
    scores: scored.scores,
    benchmark: manifest.benchmark,
    items: items.length,
    folder: folder.path,
    report,
  };
}
