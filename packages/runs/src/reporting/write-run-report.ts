import type { Dataset } from '@eim/contracts';
import { readRunLog } from '@eim/core/node';
import { formatCount, type ReportRun, renderReport } from '@eim/report';
import type { Config } from '../config/read-config.js';
import { isCaptioned } from '../evaluation/captioned-rows.js';
import type { EvaluationRecord } from '../evaluation/evaluation-record.js';
import type { EnvironmentRecord } from '../run-folder/record/environment-record.js';
import type { RunFolder } from '../run-folder/run-folder.js';
import type { RunResult } from '../training/train-model.js';
import { WRITTEN_BY } from '../version.js';
import { environmentFacts } from './environment-facts.js';
import { lossPoints } from './loss-points.js';
import { reportPictures } from './report-pictures.js';

/** A trained run of a folder, as a report shows it. */
export async function reportRun(
  folder: RunFolder,
  name: string,
  evaluation?: EvaluationRecord,
): Promise<ReportRun> {
  const result = (await folder.readJson('result.json')) as RunResult;
  return {
    name,
    ...(evaluation && { scores: evaluation.scores }),
    losses: lossPoints(await readRunLog(folder.metricsFile), result),
    gates: result.segments.flatMap(({ name: segment, gate }) => (gate ? [{ segment, ...gate }] : [])),
    ledger: result.ledger,
    steps: result.steps,
    multiplyAdds: spentInAll(result.multiplyAdds),
    seconds: result.seconds,
  };
}

/** Writes `report.html` of one run, with scores and pictures once it has been evaluated. */
export async function writeRunReport(
  folder: RunFolder,
  config: Config,
  evaluated?: { readonly record: EvaluationRecord; readonly dataset: Dataset },
): Promise<string> {
  const run = await reportRun(folder, config.name, evaluated?.record);
  const result = (await folder.readJson('result.json')) as RunResult;
  const environment = (await folder.readJson('env.json')) as EnvironmentRecord;
  const captions = new Map(evaluated?.record.captions.map(({ image_id, caption }) => [image_id, caption]));
  const page = await renderReport({
    title: config.name,
    subtitle: `${formatCount(run.ledger.total)} parameters, trained in ${config.plan.segments.length} segments`,
    findings: result.notes,
    runs: [run],
    baselines: evaluated?.record.baselines ?? [],
    comparisons: [],
    pictures: evaluated
      ? await reportPictures(
          evaluated.dataset.split(evaluated.record.split).filter(isCaptioned),
          new Map([[config.name, captions]]),
        )
      : [],
    environment: environmentFacts(environment, config),
    notes: evaluated?.dataset.notes ?? [],
    writtenBy: WRITTEN_BY,
  });
  return folder.writeText('report.html', page);
}

/** Of training, of encoding, and of gates and what finds the best weights. */
const spentInAll = ({ training, encoding, evaluation }: RunResult['multiplyAdds']): number =>
  training + encoding + evaluation;
