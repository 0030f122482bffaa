import type { Dataset } from '@eim/contracts';
import { type ReportRun, renderReport } from '@eim/report';
import { captionedRows } from '../evaluation/captioned-rows.js';
import { environmentFacts } from '../reporting/environment-facts.js';
import { reportPictures } from '../reporting/report-pictures.js';
import type { RunFolder } from '../run-folder/run-folder.js';
import type { ReferenceChoice } from '../scoring/score-caption-pairs.js';
import { WRITTEN_BY } from '../version.js';
import type { ScoredRuns } from './score-runs.js';
import type { TrainedRun } from './trained-run.js';

/** Two runs that were scored, and where their report goes. */
interface Compared extends ReferenceChoice {
  readonly folder: RunFolder;
  readonly dataset: Dataset;
  readonly split: string;
  readonly title: string;
  readonly subtitle: string;
  /** Captions by run, in the order of the split. */
  readonly captions: readonly (readonly string[])[];
  readonly scored: ScoredRuns;
  readonly reportRuns: readonly ReportRun[];
  readonly findings: readonly string[];
}

/** Writes `report.html` of two runs. @returns its path */
export async function writeComparisonReport(
  runs: readonly TrainedRun[],
  {
    folder,
    dataset,
    split,
    title,
    subtitle,
    captions,
    scored,
    reportRuns,
    findings,
    distinctReferences = false,
  }: Compared,
): Promise<string> {
  const pictures = captionedRows(dataset, split);
  const byRun = new Map(
    runs.map(
      ({ name }, run) => [name, new Map(pictures.map(({ id }, i) => [id, captions[run]![i]!]))] as const,
    ),
  );
  const repeated = scored.repeatedReferences;
  const page = await renderReport({
    title,
    subtitle,
    findings,
    runs: reportRuns,
    baselines: scored.baselines,
    comparisons: scored.comparisons,
    pictures: await reportPictures(pictures, byRun),
    environment: sharedFacts(runs),
    notes: [
      ...new Set([
        ...dataset.notes,
        ...(repeated > 0
          ? [
              `${repeated} references that repeat another of their picture ${distinctReferences ? 'are left out' : 'count each time, as in the official program'}`,
            ]
          : []),
        ...runs.flatMap(({ notes }) => notes),
      ]),
    ],
    writtenBy: WRITTEN_BY,
  });
  return folder.writeText('report.html', page);
}

/** Facts that both runs share are given once. */
function sharedFacts(runs: readonly TrainedRun[]): (readonly [string, string])[] {
  const facts = runs.map(({ environment, config }) => environmentFacts(environment, config));
  return facts[0]!.map(([name], fact) => {
    const values = facts.map((of) => of[fact]![1]);
    return new Set(values).size === 1
      ? [name, values[0]!]
      : [name, values.map((value, run) => `${runs[run]!.name}: ${value}`).join('; ')];
  });
}
