import type { Dataset } from '@eim/contracts';
import type { CompleteContext } from '../context.js';
import { answerDatasetRows } from '../evaluation/answer-dataset-rows.js';
import { captionedRows } from '../evaluation/captioned-rows.js';
import { completeDecoding } from '../evaluation/decoding.js';
import { loadRunModel } from '../model/load-run-model.js';
import { reportRun } from '../reporting/write-run-report.js';
import type { RunFolder } from '../run-folder/run-folder.js';
import type { ReferenceChoice } from '../scoring/score-caption-pairs.js';
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
  readonly context: CompleteContext;
  /** @param pictures captioned so far, by this run */
  readonly onProgress: (run: TrainedRun, pictures: number, total: number) => void;
}

/** Captions a split with both runs, scores and tests them, and writes `report.html`. */
export async function compareTrainedRuns(
  runs: readonly [TrainedRun, TrainedRun],
  options: CompareTrainedRunsOptions,
): Promise<Omit<ComparisonOutcome, 'seconds'>> {
  const { dataset, split } = options;
  const captions = [await captionSplit(runs[0], options), await captionSplit(runs[1], options)] as const;
  const scored = await scoreRuns(
    [
      { name: runs[0].name, captions: captions[0] },
      { name: runs[1].name, captions: captions[1] },
    ],
    dataset,
    split,
    options,
  );
  const reportRuns = await Promise.all(
    runs.map(async ({ folder, name }, i) => ({
      ...(await reportRun(folder, name)),
      scores: scored.scores[i]!,
    })),
  );
  const findings = comparisonFindings(reportRuns, scored);
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

async function captionSplit(
  run: TrainedRun,
  { dataset, split, context, onProgress }: CompareTrainedRunsOptions,
): Promise<string[]> {
  const { evaluation } = run.config;
  const { model, tokenizer } = await loadRunModel(run.folder, context);
  try {
    return await answerDatasetRows(model, tokenizer, captionedRows(dataset, split), {
      batchSize: evaluation.batchSize,
      maxNewTokens: evaluation.maxNewTokens,
      decoding: completeDecoding(evaluation),
      signal: context.signal,
      onProgress: (done, total) => onProgress(run, done, total),
    });
  } finally {
    model.dispose();
  }
}
