import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { CaptionDataset } from '@eim/contracts';
import type { PlanCost, PluginLoader } from '@eim/core';
import { stringify } from 'yaml';
import { captionPictures } from '../evaluation/caption-pictures.js';
import type { ReportRun } from '../report/report-data.js';
import { reportRun } from '../report/write-run-report.js';
import { environmentRecord } from '../run-folder/environment-record.js';
import { RunFolder } from '../run-folder/run-folder.js';
import { PlanProgress } from '../training/plan-progress.js';
import { trainModel } from '../training/train-model.js';
import { EVALUATION_SHARE } from './plan-demo.js';
import type { DemoContext } from './run-demo.js';

/** One side of a demo, trained and run over the held-out pictures. */
export interface TrainedSide {
  readonly run: ReportRun;
  readonly notes: readonly string[];
  /** In the order of the split. */
  readonly captions: readonly string[];
}

/** Trains one side in a run folder of its own, which every other command takes, and captions the test split. */
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
    readonly dataset: CaptionDataset;
    readonly loadPlugin: PluginLoader;
    readonly cost: PlanCost;
    /** Of the whole demo's progress bar; moved on by this side's. */
    readonly work: { readonly total: number; done: number };
  },
): Promise<TrainedSide> {
  const { progress, signal, terminal, engine } = context;
  const config = context.configs[name];
  const path = join(context.folder.path, name);
  await mkdir(path);
  const folder = await RunFolder.create(path);
  await folder.writeText('config.yaml', stringify({ ...config, engine: engine.name }));
  await folder.writeJson('env.json', environmentRecord(engine));
  const planProgress = new PlanProgress(progress, {
    name,
    steps: cost.segments.map(({ steps }) => steps),
    stepCosts: cost.segments.map(({ perStep }) => perStep),
    workBefore: work.done,
    workInAll: work.total,
  });
  const { built, result } = await trainModel({
    config,
    dataset,
    loadPlugin,
    folder,
    resume: false,
    signal,
    environment: terminal.environment,
    onProgress: planProgress.onProgress,
  });
  work.done += cost.total;
  try {
    const pictures = dataset.split(config.evaluation.split);
    const captioning = (work.total * EVALUATION_SHARE) / (1 + EVALUATION_SHARE) / 2;
    const captions = await captionPictures(built.model, built.tokenizer, pictures, {
      ...config.evaluation,
      signal,
      onProgress: (done, total) =>
        progress.update({
          label: `${name} › captioning`,
          done: work.done + (captioning * done) / total,
          total: work.total,
          detail: `picture ${done}/${total}`,
        }),
    });
    work.done += captioning;
    return { run: await reportRun(folder, name), notes: result.notes, captions };
  } finally {
    built.model.dispose();
  }
}
