import { resolve } from 'node:path';
import type { Dataset } from '@eim/contracts';
import { formatDuration } from '@eim/report';
import { stringify } from 'yaml';
import { ConfigSource } from '../config/config-source.js';
import { checkConfig } from '../config/read-config.js';
import { completeContext, type RunsContext } from '../context.js';
import { evaluateRun } from '../evaluation/evaluate-run.js';
import type { EvaluationRecord } from '../evaluation/evaluation-record.js';
import { defaultRunFolder } from '../run-folder/default-run-folder.js';
import { estimateReadPlan } from '../training/estimate-plan.js';
import { startReadRun } from '../training/run-training.js';
import { openRealDemo } from './open-real-demo.js';
import { REAL_BATCH, REAL_PARTS, realDemoConfig } from './real-demo-settings.js';

export interface RealDemoOptions extends RunsContext {
  /** A folder or a caption file of captioned pictures. */
  readonly data: string;
  /** Folder to write to. Absent: `runs/demo-<time>` in the working folder. */
  readonly out?: string | undefined;
  /** Seeds the weights of the ST and the data order. @default 1 */
  readonly seed?: number | undefined;
  /** Absent: as many as show every caption a few times, and no more than take about an hour on two cores. */
  readonly steps?: number | undefined;
  /** Called once the pictures can be read and the engine can train: fetches models that are not here. */
  readonly fetchModels?: (names: readonly string[]) => Promise<void>;
}

export type RealDemoOutcome = EvaluationRecord & {
  readonly report: string;
  /** The run folder, which other commands accept like any run. */
  readonly run: string;
};

/** Passes over the captions: more than a few, and an LLM of this size learns them by heart. */
const EPOCHS = 4;
const MOST_STEPS = 1200;
const FEWEST_STEPS = 60;

/**
 * Trains a captioner of published parts, a frozen EfficientNet-Lite2 and SmolLM2-135M, on captioned pictures, and scores it beside
 * the baselines. Says first how long that takes.
 * @throws EimError `missing-file` where the parts have not been pulled
 *
 * @example
 * const { scores, baselines, report } = await runRealDemo({ packages, data: 'photos' });
 */
export async function runRealDemo(options: RealDemoOptions): Promise<RealDemoOutcome> {
  const context = completeContext(options);
  const { workingFolder, onNote } = context;
  const settings = { data: resolve(workingFolder, options.data), seed: options.seed ?? 1 };
  const place = resolve(workingFolder, 'demo.yaml');
  const read = (steps: number, split: string) =>
    checkConfig(
      ConfigSource.parse("the demo's config", stringify(realDemoConfig({ ...settings, steps, split }))),
      context,
    );
  const dataset = await openRealDemo(settings.data, context);
  await options.fetchModels?.(Object.values(REAL_PARTS));
  const chosen = read(
    options.steps ?? suitableSteps(dataset),
    dataset.splits.includes('test') ? 'test' : 'val',
  );
  const { seconds } = await estimateReadPlan(chosen, place, options);
  if (seconds !== undefined) onNote(`Training takes about ${formatDuration(seconds)} on this machine.`);
  const out = options.out ?? defaultRunFolder(workingFolder, 'demo');
  const { folder } = await startReadRun(chosen, place, { ...options, out });
  const record = await evaluateRun(folder, { ...options, baselines: true });
  return { ...record, run: folder };
}

/** Enough to see every caption a few times. */
function suitableSteps(dataset: Dataset): number {
  const captions = dataset.split('train').reduce((sum, { answers }) => sum + answers.length, 0);
  return Math.min(MOST_STEPS, Math.max(FEWEST_STEPS, Math.round((EPOCHS * captions) / REAL_BATCH)));
}
