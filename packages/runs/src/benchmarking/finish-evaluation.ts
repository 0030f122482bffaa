import { readFile } from 'node:fs/promises';
import { CaptionSet } from '@eim/benchmarks';
import type { Benchmark, BenchmarkScores, CaptionPair } from '@eim/contracts';
import { decodePicture } from '@eim/images/node';
import {
  type BenchmarkReportItem,
  extremes,
  pictureDataUri,
  renderBenchmarkMarkdown,
  renderBenchmarkReport,
} from '@eim/report';
import { completeContext, type RunsContext } from '../context.js';
import type { MetricSources } from '../scoring/metric-sources.js';
import { scoreSourced } from '../scoring/sourced-metrics.js';
import { WRITTEN_BY } from '../version.js';
import type { Answer } from './answer-items.js';
import type { BenchmarkItem } from './benchmark-data.js';
import type { BenchmarkFolder } from './benchmark-folder.js';
import { answeredBy, type BenchmarkManifest } from './benchmark-manifest.js';
import { type ScoredItem, scoreAnswers } from './score-answers.js';

/** A whole evaluation. */
export interface EvaluationOutcome {
  readonly scores: BenchmarkScores;
  readonly benchmark: string;
  readonly items: number;
  readonly folder: string;
  /** Path of `report.html`. */
  readonly report: string;
}

/** Every item of a benchmark with the model's answer to it. */
export interface AnsweredBenchmark {
  readonly benchmark: Benchmark;
  readonly manifest: BenchmarkManifest;
  readonly items: readonly BenchmarkItem[];
  readonly answers: readonly Answer[];
}

/** Scores all answers and writes `answers.json`, `manifest.json`, `scores.json` and the reports. */
export async function finishEvaluation(
  folder: BenchmarkFolder,
  { benchmark, manifest, items, answers }: AnsweredBenchmark,
  options: RunsContext & MetricSources,
): Promise<EvaluationOutcome> {
  const plain = scoreAnswers(benchmark, manifest, items, answers);
  // Written before other programs are called, which may fail.
  await folder.write('manifest.json', manifest);
  await folder.write('answers.json', answers);
  const scores = { ...plain.scores, ...(await sourcedScores(plain.captions, items, options)) };
  await folder.write('scores.json', scores);
  const { worst, best } = extremes(plain.items);
  const data = {
    title: manifest.benchmark,
    subtitle: `${answeredBy(manifest)}, ${items.length} items`,
    scores,
    worst: await Promise.all(worst.map(reportItem)),
    best: await Promise.all(best.map(reportItem)),
    manifest,
    writtenBy: WRITTEN_BY,
  };
  await folder.write('report.md', renderBenchmarkMarkdown(data));
  const report = await folder.write('report.html', renderBenchmarkReport(data));
  return { scores, benchmark: manifest.benchmark, items: items.length, folder: folder.path, report };
}

async function reportItem({ id, picture, prompt, text, expected }: ScoredItem): Promise<BenchmarkReportItem> {
  const item = { id, prompt, text, expected };
  if (picture === undefined) return item;
  return { ...item, dataUri: pictureDataUri(await decodePicture(await readFile(picture), picture)) };
}

/** Scores that need more than the captions; `absent` says why a score is missing. */
async function sourcedScores(
  pairs: readonly CaptionPair[] | undefined,
  items: readonly BenchmarkItem[],
  options: RunsContext & MetricSources,
): Promise<BenchmarkScores> {
  if (pairs === undefined) return {};
  const pictures = new Map(items.map(({ id, picture }) => [id, picture]));
  const hasPictures = items.every(({ picture }) => picture !== undefined);
  const { scores, absent, notes } = await scoreSourced(
    { pictures: pairs, captions: CaptionSet.ofRaw(pairs) },
    options,
    completeContext(options),
    hasPictures ? (id) => pictures.get(id)! : undefined,
  );
  return {
    ...scores,
    ...(Object.keys(absent).length > 0 && { absent }),
    ...(notes.length > 0 && { notes: notes.join(' ') }),
  };
}
