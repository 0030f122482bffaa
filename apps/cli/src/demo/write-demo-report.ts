import type { CaptionDataset } from '@eim/contracts';
import { environmentFacts } from '../report/environment-facts.js';
import { renderReport } from '../report/render-report.js';
import { reportPictures } from '../report/report-pictures.js';
import type { EnvironmentRecord } from '../run-folder/environment-record.js';
import type { ComparedRuns } from './compare-runs.js';
import { demoFindings } from './demo-findings.js';
import type { DemoContext } from './run-demo.js';
import type { TrainedSide } from './train-side.js';

/** Writes the demo's `report.html`. @returns its path, and what it finds */
export async function writeDemoReport(
  { folder, configs }: DemoContext,
  dataset: CaptionDataset,
  sides: readonly TrainedSide[],
  compared: ComparedRuns,
): Promise<{ readonly report: string; readonly findings: readonly string[] }> {
  const { evaluation } = configs.eim;
  const pictures = dataset.split(evaluation.split);
  const runs = sides.map(({ run }, i) => ({ ...run, scores: compared.scores[i]! }));
  const captions = new Map(
    sides.map(
      ({ run, captions }) => [run.name, new Map(pictures.map(({ id }, i) => [id, captions[i]!]))] as const,
    ),
  );
  const findings = demoFindings(runs, compared);
  const page = await renderReport({
    title: dataset.name === 'scenes' ? 'EIM on generated scenes' : `EIM on ${dataset.name}`,
    subtitle:
      'The same small model from the same initial weights, trained by all parts together (plain) and in segments (eim), with equal training compute.',
    findings,
    runs,
    baselines: compared.baselines,
    comparisons: compared.comparisons,
    pictures: await reportPictures(pictures, captions),
    environment: environmentFacts((await folder.readJson('env.json')) as EnvironmentRecord, configs.eim),
    notes: [...new Set([...dataset.notes, ...sides.flatMap(({ notes }) => notes)])],
  });
  return { report: await folder.writeText('report.html', page), findings };
}
