import { CaptionSet } from '@eim/benchmarks';
import type { Benchmark, BenchmarkScores, CaptionPair } from '@eim/contracts';
import type { MetricSources } from '../scoring/metric-sources.js';
import { scoreSourced } from '../scoring/sourced-metrics.js';
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
  sources: MetricSources,
): Promise<EvaluationOutcome> {
  const plain = scoreAnswers(benchmark, manifest, items, answers);
  // Whatever happens to the programs of others, the answers are there.
  await folder.write('manifest.json', manifest);
  await folder.write('answers.json', answers);
  const sourced = await sourcedScores(plain.captions, items, sources);
  const scored = { ...plain, scores: { ...plain.scores, ...sourced } };
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

/** Scores of captions that need more than captions; `absent` says why one is not there. */
async function sourcedScores(
  pairs: readonly CaptionPair[] | undefined,
  items: readonly BenchmarkItem[],
  sources: MetricSources,
): Promise<BenchmarkScores> {
  if (pairs === undefined) return {};
  const pictures = new Map(items.map(({ id, picture }) => [id, picture]));
  const hasPictures = items.every(({ picture }) => picture !== undefined);
  const { scores, absent, notes } = await scoreSourced(
    { pictures: pairs, captions: CaptionSet.ofRaw(pairs) },
    sources,
    hasPictures ? (id) => pictures.get(id)! : undefined,
  );
  return {
    ...scores,
    ...(Object.keys(absent).length > 0 && { absent }),
    ...(notes.length > 0 && { notes: notes.join(' ') }),
  };
}
