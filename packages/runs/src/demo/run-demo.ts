import { resolve } from 'node:path';
import type { Dataset } from '@eim/contracts';
import { carveSplit } from '@eim/datasets';
import { formatDuration, formatLarge } from '@eim/report';
import { stringify } from 'yaml';
import { compareTrainedRuns } from '../comparison/compare-trained-runs.js';
import type { ComparisonOutcome } from '../comparison/comparison-outcome.js';
import { ConfigSource } from '../config/config-source.js';
import { checkConfig } from '../config/read-config.js';
import { completeContext, type RunsContext } from '../context.js';
import { openDataset } from '../data/open-dataset.js';
import { startChosenEngine } from '../engine/start-chosen-engine.js';
import { completeConfig } from '../model/complete-config.js';
import { pluginLoader } from '../model/plugin-loader.js';
import { defaultRunFolder } from '../run-folder/default-run-folder.js';
import { environmentRecord } from '../run-folder/record/environment-record.js';
import { RunFolder } from '../run-folder/run-folder.js';
import type { ReferenceChoice } from '../scoring/score-caption-pairs.js';
import { demoConfigs } from './demo-settings.js';
import { KNOWN_SPREADS, type KnownSpread, spreadFindings } from './known-spread.js';
import { planDemo } from './plan-demo.js';
import { type DemoContext, trainSide } from './train-side.js';

export interface DemoOptions extends RunsContext, ReferenceChoice {
  /** A folder or a caption file of captioned pictures. Absent: generated scenes. */
  readonly data?: string | undefined;
  /** Folder to write to. Absent: `runs/demo-<time>` in the working folder. */
  readonly out?: string | undefined;
  /** Seeds the scenes, the weights and the data order. @default 1 */
  readonly seed?: number | undefined;
  /** Steps of the eim plan; plain gets the same compute. Absent: the demo's own number. */
  readonly steps?: number | undefined;
}

/** The outcome of a demo; the contents of `demo.json`. */
export interface DemoOutcome extends ComparisonOutcome {
  /** What other seeds gave, where the demo is as it was when they were tried. */
  readonly spread: readonly KnownSpread[];
}

/**
 * Trains `plain` and `eim` from the same start on equal compute, scores both, and writes the report.
 *
 * @example
 * const { findings, report } = await runDemo({ packages, steps: 100 });
 */
export async function runDemo(options: DemoOptions): Promise<DemoOutcome> {
  const surroundings = completeContext(options);
  const { workingFolder, onNote, onProgress } = surroundings;
  const { seed = 1, steps } = options;
  const began = performance.now();
  const data = options.data === undefined ? undefined : resolve(workingFolder, options.data);
  const documents = demoConfigs({ data, seed, steps });
  const loadPlugin = pluginLoader(resolve(workingFolder, 'demo.yaml'), surroundings);
  const read = (side: 'plain' | 'eim') => {
    const source = ConfigSource.parse(`the demo's ${side} config`, stringify(documents[side]));
    return completeConfig(checkConfig(source, surroundings), loadPlugin, surroundings);
  };
  const configs = { plain: await read('plain'), eim: await read('eim') };
  const dataset = withTestSplit(await openDataset(configs.eim.data, { ...surroundings, loadPlugin }), seed);
  for (const note of dataset.notes) onNote(`Data: ${note}`);
  const engine = await startChosenEngine(surroundings);
  const folder = await RunFolder.create(options.out ?? defaultRunFolder(workingFolder, 'demo'));
  await folder.writeJson('env.json', environmentRecord(engine));

  const spread = data === undefined && steps === undefined ? KNOWN_SPREADS : [];
  const planned = await planDemo(configs, dataset, loadPlugin, surroundings);
  onNote(
    `Each side gets ${formatLarge(planned.eimCost.total)} multiply-adds: ${planned.plainCost.segments.at(-1)!.steps} steps of plain. ` +
      `About ${formatDuration(planned.secondsEstimate)} on this machine.`,
  );
  const context: DemoContext = {
    engine,
    folder,
    configs: { ...configs, plain: { ...configs.plain, plan: planned.plain } },
    surroundings,
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
    distinctReferences: options.distinctReferences,
    furtherFindings: spreadFindings(spread),
    context: surroundings,
    onProgress: (run, done, total) =>
      onProgress({
        label: `${run.name} › captioning`,
        done: work.done + captioning * (done / total + (run === plain ? 0 : 1)),
        total: work.total,
      }),
  });
  const outcome = { ...compared, spread, seconds: (performance.now() - began) / 1000 };
  await folder.writeJson('demo.json', outcome);
  return outcome;
}

/** The user's pictures may have no test split; one is made, so that there is something to compare. */
function withTestSplit(dataset: Dataset, seed: number): Dataset {
  return dataset.splits.includes('test') ? dataset : carveSplit(dataset, { into: 'test', share: 0.15, seed });
}
