import { join } from 'node:path';
import type { Dataset } from '@eim/contracts';
import type { PluginLoader } from '@eim/core';
import type { PlanCost } from '@eim/core/training';
import type { EngineInfo } from '@eim/engine';
import { openTrainedRun, type TrainedRun } from '../comparison/trained-run.js';
import type { Config } from '../config/read-config.js';
import type { CompleteContext } from '../context.js';
import { beginRun } from '../run-folder/record/begin-run.js';
import { hashData } from '../run-folder/record/data-hashes.js';
import { updateEnvironment } from '../run-folder/record/environment-file.js';
import { withRunSession } from '../run-folder/record/run-session.js';
import type { RunFolder } from '../run-folder/run-folder.js';
import { PlanProgress } from '../training/plan-progress.js';
import { trainModel } from '../training/train-model.js';

/** What both sides of a demo share. */
export interface DemoContext {
  readonly engine: EngineInfo;
  readonly folder: RunFolder;
  readonly configs: Readonly<Record<'plain' | 'eim', Config>>;
  readonly surroundings: CompleteContext;
}

/** Trains one side in a run folder of its own, which other commands accept like any run. */
export async function trainSide(
  name: 'plain' | 'eim',
  {
    context,
    dataset,
    loadPlugin,
    cost,
    work,
  }: {
    readonly context: DemoContext;
    readonly dataset: Dataset;
    readonly loadPlugin: PluginLoader;
    readonly cost: PlanCost;
    /** Progress of the whole demo, to which this side adds its own. */
    readonly work: { readonly total: number; done: number };
  },
): Promise<TrainedRun> {
  const { surroundings, engine } = context;
  const { signal, environment, onProgress } = surroundings;
  const config = context.configs[name];
  const path = join(context.folder.path, name);
  const folder = await beginRun(path, config, engine);
  await updateEnvironment(folder, { data: await hashData(dataset) });
  const planProgress = new PlanProgress(onProgress, {
    name,
    steps: cost.segments.map(({ steps }) => steps),
    stepCosts: cost.segments.map(({ perStep }) => perStep),
    workBefore: work.done,
    workInAll: work.total,
  });
  const { built } = await withRunSession(folder, { resume: false }, () =>
    trainModel({
      config,
      dataset,
      loadPlugin,
      folder,
      resume: false,
      signal,
      environment,
      onProgress: planProgress.onProgress,
    }),
  );
  built.model.dispose();
  work.done += cost.total;
  return openTrainedRun(path, surroundings);
}
