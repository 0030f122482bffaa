import type { Dataset } from '@eim/contracts';
import type { CompleteContext } from '../context.js';
import { answerDatasetRows } from '../evaluation/answer-dataset-rows.js';
import { captionedRows } from '../evaluation/captioned-rows.js';
import { completeDecoding } from '../evaluation/decoding.js';
import { loadRunModel } from '../model/load-run-model.js';
import { reportRun } from '../reporting/write-run-report.js';
import type { RunFolder } from '../run-folder/run-folder.js';
import type { ReferenceChoice } from '../scoring/score-caption-pairs.js';
import { encoderRetrieval, picturesToEncode } from './baselines/retrieval-baseline.js';
import { comparisonFindings, computeRatio } from './comparison-findings.js';
import type { ComparisonOutcome } from './comparison-outcome.js';
import { type NamedCaptions, scoreRuns } from './score-runs.js';
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
  /** Work on a run's captions, and on the retrieval from its encoder, in units of about equal time. */
  readonly onProgress: (run: TrainedRun, done: number, total: number) => void;
}

/** Captioning a picture takes about as long as encoding this many. */
const CAPTION_WORK = 4;

/** Captions a split with both runs, scores and tests them, and writes `report.html`. */
export async function compareTrainedRuns(
  runs: readonly [TrainedRun, TrainedRun],
  options: CompareTrainedRunsOptions,
): Promise<Omit<ComparisonOutcome, 'seconds'>> {
  const { dataset, split } = options;
  const captioned = [await captionSplit(runs[0], options), await captionSplit(runs[1], options)] as const;
  const captions = captioned.map((run) => run.captions);
  const scored = await scoreRuns(captioned, dataset, split, options);
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
): Promise<NamedCaptions> {
  const { evaluation } = run.config;
  const { signal } = context;
  const pictures = captionedRows(dataset, split);
  const encoded = picturesToEncode(dataset, split);
  let done = 0;
  const work = pictures.length * CAPTION_WORK + encoded;
  const onWork = (amount: number) => {
    done += amount;
    onProgress(run, done, work);
  };
  const { model, tokenizer } = await loadRunModel(run.folder, context);
  try {
    let answered = 0;
    const captions = await answerDatasetRows(model, tokenizer, pictures, {
      batchSize: evaluation.batchSize,
      maxNewTokens: evaluation.maxNewTokens,
      decoding: completeDecoding(evaluation),
      signal,
      onProgress: (now) => {
        onWork((now - answered) * CAPTION_WORK);
        answered = now;
      },
    });
    const retrieval = await encoderRetrieval({ name: run.name, parts: model }, dataset, split, {
      signal,
      onPicture: () => onWork(1),
    });
    return { name: run.name, captions, retrieval };
  } finally {
    model.dispose();
  }
}
