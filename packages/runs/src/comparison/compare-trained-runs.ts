import type { Dataset } from '@eim/contracts';
import type { CompleteContext } from '../context.js';
import { reportRun } from '../reporting/write-run-report.js';
import type { RunFolder } from '../run-folder/run-folder.js';
import type { ReferenceChoice } from '../scoring/score-caption-pairs.js';
import { captionSplit } from './caption-split.js';
import { comparisonFindings, computeRatio } from './comparison-findings.js';
import type { ComparisonOutcome } from './comparison-outcome.js';
import { scoreRuns } from './score-runs.js';
import type { TrainedRun } from './trained-run.js';
import { writeComparisonReport } from './write-comparison-report.js';

export interface CompareTrainedRunsOptions extends ReferenceChoice {
  /** Where the report goes. */
  readonly folder: RunFolder;
  readonly dataset: Dataset;
  readonly split: string;
  readonly title: string;
  readonly subtitle: string;
  /** Said behind what the comparison shows. Absent: nothing. */
  readonly furtherFindings?: readonly string[];
  readonly context: CompleteContext;
  /** Work on a run's captions, and on the retrieval from its encoder, in units of about equal time. */
  readonly onProgress: (run: TrainedRun, done: number, total: number) => void;
}

/** Captions a split with both runs, scores and tests them, and writes `report.html`. */
export async function compareTrainedRuns(
  runs: readonly [TrainedRun, TrainedRun],
  options: CompareTrainedRunsOptions,
): Promise<Omit<ComparisonOutcome, 'seconds'>> {
  const { dataset, split } = options;
  const caption = (run: TrainedRun) =>
    captionSplit(run, { ...options, onProgress: (done, total) => options.onProgress(run, done, total) });
  const captioned = [await caption(runs[0]), await caption(runs[1])] as const;
  const captions = captioned.map((run) => run.captions);
  const scored = await scoreRuns(captioned, dataset, split, options);
  const reportRuns = await Promise.all(
    runs.map(async ({ folder, name }, i) => ({
      ...(await reportRun(folder, name)),
      scores: scored.scores[i]!,
    })),
  );
  const findings = [...comparisonFindings(reportRuns, scored), ...(options.furtherFindings ?? [])];
  const report = await writeComparisonReport(runs, { ...options, captions, scored, reportRuns, findings });
  return {
    report,
    split,
    pictures: dataset.split(split).length,
    runs: reportRuns.map(({ losses: _, ...run }) => run),
    baselines: scored.baselines.map(({ name, explanation, scores }) => ({ name, explanation, scores })),
    references: options.distinctReferences ? 'distinct' : 'all',
    comparisons: scored.comparisons,
    computeRatio: computeRatio(reportRuns),
    findings,
  };
}
