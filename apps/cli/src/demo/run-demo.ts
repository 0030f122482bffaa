import { resolve } from 'node:path';
import type { CaptionDataset } from '@eim/contracts';
import { carveSplit } from '@eim/datasets';
import type { EngineInfo } from '@eim/engine';
import { stringify } from 'yaml';
import type { Terminal } from '../command/terminal.js';
import { compareTrainedRuns } from '../comparison/compare-trained-runs.js';
import type { ComparisonOutcome } from '../comparison/comparison-outcome.js';
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
import { demoConfigs } from './demo-settings.js';
import { planDemo } from './plan-demo.js';
import { trainSide } from './train-side.js';

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
export async function runDemo(options: DemoOptions): Promise<ComparisonOutcome> {
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
    const captioning = (planned.workInAll - work.done) / 2;
    const compared = await compareTrainedRuns([plain, eim], {
      folder,
      dataset,
      split: configs.eim.evaluation.split,
      title: dataset.name === 'scenes' ? 'EIM on generated scenes' : `EIM on ${dataset.name}`,
      subtitle:
        'The same small model from the same initial weights, trained by all parts together (plain) and in segments (eim), with equal training compute.',
      workingFolder: terminal.workingFolder,
      signal,
      onProgress: (run, done, total) =>
        progress.update({
          label: `${run.name} › captioning`,
          done: work.done + captioning * (done / total + (run === plain ? 0 : 1)),
          total: work.total,
          detail: `picture ${done}/${total}`,
        }),
    });
    const outcome = { ...compared, seconds: (performance.now() - began) / 1000 };
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
