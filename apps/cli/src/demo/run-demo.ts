import { resolve } from 'node:path';
import type { CaptionDataset } from '@eim/contracts';
import { carveSplit } from '@eim/datasets';
import { createRandomStream, type EngineInfo } from '@eim/engine';
import { stringify } from 'yaml';
import type { Terminal } from '../command/terminal.js';
import { ConfigSource } from '../config/config-source.js';
import { type Config, checkConfig } from '../config/read-config.js';
import { openDataset } from '../data/open-dataset.js';
import { pluginLoader } from '../model/plugin-loader.js';
import { formatDuration } from '../progress/format-duration.js';
import { formatLarge } from '../progress/format-number.js';
import { Progress } from '../progress/progress.js';
import { defaultRunFolder } from '../run-folder/default-run-folder.js';
import { environmentRecord } from '../run-folder/environment-record.js';
import { RunFolder } from '../run-folder/run-folder.js';
import { startChosenEngine } from '../start-chosen-engine.js';
import { compareRuns } from './compare-runs.js';
import type { DemoOutcome } from './demo-outcome.js';
import { demoConfigs } from './demo-settings.js';
import { planDemo } from './plan-demo.js';
import { trainSide } from './train-side.js';
import { writeDemoReport } from './write-demo-report.js';

export interface DemoOptions {
  readonly data: string | undefined;
  readonly out: string | undefined;
  readonly seed: number;
  readonly steps: number | undefined;
  readonly engine: string | undefined;
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
}

/** What both sides of a demo share. */
export interface DemoContext {
  readonly engine: EngineInfo;
  readonly folder: RunFolder;
  readonly configs: Readonly<Record<'plain' | 'eim', Config>>;
  readonly progress: Progress;
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
}

/** Trains `plain` and `eim` from the same start on equal compute, scores both, and writes the report. */
export async function runDemo(options: DemoOptions): Promise<DemoOutcome> {
  const { terminal, signal, seed, steps } = options;
  const began = performance.now();
  const data = options.data === undefined ? undefined : resolve(terminal.workingFolder, options.data);
  const documents = demoConfigs({ data, seed, steps });
  const read = (side: 'plain' | 'eim') =>
    checkConfig(ConfigSource.parse(`the demo's ${side} config`, stringify(documents[side])), terminal).config;
  const configs = { plain: read('plain'), eim: read('eim') };
  const dataset = withTestSplit(await openDataset(configs.eim.data), seed);
  for (const note of dataset.notes) terminal.stderr.write(`Data: ${note}\n`);
  const engine = await startChosenEngine(terminal, options.engine);
  const folder = await RunFolder.create(options.out ?? defaultRunFolder(terminal.workingFolder, 'demo'));
  await folder.writeJson('env.json', environmentRecord(engine));

  const progress = new Progress(terminal);
  try {
    const loadPlugin = pluginLoader(folder.configFile, terminal.workingFolder);
    const planned = await planDemo(configs, dataset, loadPlugin, signal);
    progress.note(
      `Each side gets ${formatLarge(planned.eimCost.total)} multiply-adds: ${planned.plainCost.segments.at(-1)!.steps} steps of plain. ` +
        `About ${formatDuration(planned.secondsEstimate)} on this machine.`,
    );
    const context: DemoContext = {
      engine,
      folder,
      configs: { ...configs, plain: { ...configs.plain, plan: planned.plain } },
      progress,
      terminal,
      signal,
    };
    const work = { total: planned.workInAll, done: 0 };
    const plain = await trainSide('plain', { context, dataset, loadPlugin, cost: planned.plainCost, work });
    const eim = await trainSide('eim', { context, dataset, loadPlugin, cost: planned.eimCost, work });
    progress.update({ label: 'scoring', done: work.total, total: work.total });
    const comparison = await compareRuns(
      [plain, eim],
      dataset,
      configs.eim.evaluation.split,
      createRandomStream(seed),
    );
    const { report, findings } = await writeDemoReport(context, dataset, [plain, eim], comparison);
    const outcome: DemoOutcome = {
      report,
      runs: [plain, eim].map(({ run: { losses: _, ...run } }, i) => ({
        ...run,
        scores: comparison.scores[i]!,
      })),
      baselines: comparison.baselines.map(({ name, explanation, scores }) => ({ name, explanation, scores })),
      comparisons: comparison.comparisons,
      computeRatio: plain.run.multiplyAdds / eim.run.multiplyAdds,
      findings,
      seconds: (performance.now() - began) / 1000,
    };
    await folder.writeJson('demo.json', outcome);
    return outcome;
  } finally {
    progress.finish();
  }
}

/** Pictures of one's own may come without a test split; nothing could be compared then. */
function withTestSplit(dataset: CaptionDataset, seed: number): CaptionDataset {
  return dataset.splits.includes('test') ? dataset : carveSplit(dataset, { into: 'test', share: 0.15, seed });
}
